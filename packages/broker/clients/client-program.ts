/**
 * Client programs that this package does not bring along. Where MILLRACE_CLIENTS is `required`, as `npm run test:kafka` sets it after
 * installing them, each must be there and a missing one fails. Otherwise those run that are installed, and those that start a JVM do not.
 */
import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

const required = process.env['MILLRACE_CLIENTS'] === 'required';

export interface ClientProgram {
  readonly name: string;
  /** A command that exits with 0 where the program can be run. */
  readonly probe: readonly [command: string, ...args: string[]];
  readonly onlyWhenRequired?: boolean;
}

/** Defines the cases of a client, or one that is skipped, or one that fails, in their place. */
export function withClient({ name, probe, onlyWhenRequired = false }: ClientProgram, define: () => void): void {
  const [command, ...args] = probe;
  const isAsked = required || !onlyWhenRequired;
  const said = isAsked ? spawnSync(command, args, { encoding: 'utf8' }) : undefined;
  if (said?.status === 0) define();
  else if (required) {
    test(`${name} is installed`, () => {
      throw new Error(`${probe.join(' ')}: ${said?.error?.message ?? said?.stderr.trim()}`);
    });
  } else test.skip(`${name}: ${isAsked ? 'not installed' : 'runs with MILLRACE_CLIENTS=required'}`, () => {});
}
