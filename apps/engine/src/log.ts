/** One line in words on stderr; stdout is the supervisor's. */
export type Log = (line: string) => void;

export const logTo =
  (stream: NodeJS.WritableStream): Log =>
  (line) => {
    stream.write(`${line}\n`);
  };

/** What an error says, in one line. */
export const saying = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
