export type EmbeddedPostgresErrorCode =
  | 'no-binaries'
  | 'init-failed'
  | 'start-failed'
  | 'folder-in-use'
  | 'no-server-user';

/** The embedded Postgres could not be started; the message says why and what to do. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
