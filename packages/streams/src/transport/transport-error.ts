export type TransportErrorCode =
  | 'unreachable'
  | 'fenced'
  | 'unknown-topic'
  | 'record-too-large'
  | 'not-authorized'
  | 'invalid-request'
  | 'timeout'
  | 'corrupt'
  | 'foreign-cluster'
  | 'closed'
  | 'protocol';

/** Every failure of a driver. `retriable`: the same call may succeed later without any change. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  readonly retriable: boolean;
  constructor(code: TransportErrorCode, message: string, options: { retriable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retriable = options.retriable;
  }
}
