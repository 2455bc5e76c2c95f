/** Where the broker says, in words, what it does and what went wrong. One line a call, without a line end. */
export type LogLine = (level: 'info' | 'warn' | 'error', message: string) => void;

/** The message of anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
