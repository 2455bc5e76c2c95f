/** What scripts can rely on. */
export const exitCode = {
  ok: 0,
  /** Something failed that is not the caller's mistake. */
  failure: 1,
  /** A document that does not validate, or a wrong call. */
  invalid: 2,
  /** No such app, table, topic or version. */
  notFound: 3,
  /** Refused as things stand: a stale draft, an unconfirmed loss of state, an app that runs. */
  conflict: 4,
  /** Millrace does not answer. */
  unreachable: 5,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Ends a command with a sentence and a code; `main.ts` prints it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: ExitCode;
  readonly hint: string | undefined;
  constructor(code: ExitCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
