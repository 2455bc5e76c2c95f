import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '@millrace/spec';
import type { Command } from 'commander';
import { type ApiClient, apiClient } from './api/client.ts';
import { CommandError, exitCode } from './exit-code.ts';

/** What every command that talks to a running Millrace gets. */
export interface CommandContext {
  readonly api: ApiClient;
  readonly json: boolean;
  /** Prints `value` with --json, else the text. */
  print(value: unknown, text: () => string): void;
}

/** Reads the global options: `--url`, else MILLRACE_URL, else what the last `millrace up` of this folder wrote, else localhost:3000. */
export function contextOf(command: Command, file?: string): CommandContext {
  const options = command.optsWithGlobals<{ url?: string; json?: boolean }>();
  const json = options.json === true;
  return {
    api: apiClient(options.url ?? process.env['MILLRACE_URL'] ?? runningUrl() ?? 'http://localhost:3000', file),
    json,
    print: (value, text) => process.stdout.write(`${json ? writeJson(value, 2) : text()}\n`),
  };
}

function runningUrl(): string | undefined {
  const data = process.env['MILLRACE_DATA'] ?? join(process.env['MILLRACE_ROOT'] ?? process.cwd(), '.millrace');
  try {
    const { url } = JSON.parse(readFileSync(join(data, 'up.json'), 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined; // Nothing was started from here.
  }
}

/** A document's text: a file, or `-` for standard input. */
export function readDocument(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new CommandError(
      exitCode.invalid,
      `${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}
