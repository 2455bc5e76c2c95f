/**
 * A request that a worker did not do. `died`: it ended before it answered; `timeout`: it did not answer in time; `not-running`: it does not run the
 * app; `refused`: it answered with a reason.
 */
export type WorkerErrorCode = 'died' | 'timeout' | 'not-running' | 'refused';

export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code: WorkerErrorCode;
  constructor(code: WorkerErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const codes: readonly string[] = ['died', 'timeout', 'not-running', 'refused'] satisfies WorkerErrorCode[];

/** A code as it came over IPC; `refused` where it is none of ours. */
export const workerErrorCode = (code: string): WorkerErrorCode =>
  codes.includes(code) ? (code as WorkerErrorCode) : 'refused'; // just looked up
