import type { Problem } from '@millrace/spec';

/** A version can't run as it is: waiting does not help. The message says why, in words. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}
