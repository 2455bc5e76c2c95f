/** A promise with its ends in hand (`Promise.withResolvers` came with Node 22). */
export class Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;

  constructor() {
    let resolvePromise: (value: T) => void = () => {};
    let rejectPromise: (error: Error) => void = () => {};
    this.promise = new Promise<T>((resolve, reject) => {
      resolvePromise = resolve;
      rejectPromise = reject;
    });
    this.resolve = resolvePromise;
    this.reject = rejectPromise;
  }
}
