/**
 * Client programs that this package does not bring along: their cases run where they are installed. Where MILLRACE_CLIENTS is `required`, as
 * `npm run test:kafka` sets it after installing them, one that is missing is a failure.
 */
import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

const required = process.env['MILLRACE_CLIENTS'] === 'required';

export interface ClientProgram {
  readonly name: string;
  /** A command that exits with 0 where the program can be run. */
  readonly probe: readonly [command: string, ...args: string[]];
}

/** Defines the cases of a client, or one that is skipped, or one that fails, in their place. */
export function withClient({ name, probe }: ClientProgram, define: () => void): void {
  const [command, ...args] = probe;
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) define();
  else if (required) {
    test(`${name}: installed`, () => {
      throw new Error(`${probe.join(' ')}: ${error?.message ?? stderr.trim()}`);
    });
  } else test.skip(`${name}: not installed`, () => {});
}
