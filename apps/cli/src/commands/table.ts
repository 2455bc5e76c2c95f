import { type TableReply, tableReply } from '@millrace/protocol';
import { isoTime, keyText, writeJson } from '@millrace/spec';
import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { formatTable } from '../output/table.ts';

interface TableOptions {
  readonly key?: string;
  readonly search?: string;
  readonly where?: string;
  readonly windows: string;
  readonly sort?: string;
  readonly limit: string;
}

/** `millrace table APP TABLE`: rows of a running table. */
export function tableCommand(program: Command): void {
  program
    .command('table')
    .argument('<app>')
    .argument('<table>')
    .description("print a table's rows")
    .option('-k, --key <key>', 'this key only, all its windows')
    .option('--search <text>', 'keys that contain this')
    .option('--where <expression>', 'rows for which it holds: value.attempts > 20')
    .option('--windows <which>', "latest (each key's newest), open, all, or a window's start in ms", 'latest')
    .option('--sort <column>', 'by this column, highest first')
    .option('-n, --limit <rows>', 'at most this many', '100')
    .action(async (app: string, table: string, options: TableOptions, command: Command) => {
      const { api, print } = contextOf(command);
      const query = new URLSearchParams({
        windows: options.key === undefined ? options.windows : 'all',
        limit: options.limit,
      });
      for (const name of ['key', 'search', 'where', 'sort'] as const) {
        const value = options[name];
        if (value !== undefined) query.set(name, value);
      }
      const reply = await api.get(
        `/tables/${encodeURIComponent(app)}/${encodeURIComponent(table)}?${query}`,
        tableReply,
      );
      print(reply, () => rows(reply));
      if (reply.missing.length > 0)
        process.stderr.write(
          `Partitions ${reply.missing.join(', ')} are not served right now; their rows are missing.\n`,
        );
    });
}

function rows(reply: TableReply): string {
  const windowed = reply.rows.some((row) => row.windowStartMs !== null);
  const text = formatTable(
    [
      { title: 'key' },
      ...(windowed ? [{ title: 'window' }] : []),
      ...reply.columns.map((title) => ({ title, right: true })),
      { title: 'updated' },
    ],
    reply.rows.map((row) => [
      keyText(row.key),
      ...(windowed
        ? [row.windowStartMs === null ? '' : `${isoTime(row.windowStartMs)} – ${isoTime(row.windowEndMs ?? 0)}`]
        : []),
      ...reply.columns.map((column) => cell(row.value[column])),
      isoTime(row.updatedMs),
    ]),
  );
  return `${text}\n${reply.rows.length} of ${reply.partial ? 'at least ' : ''}${reply.matched} rows`;
}

const cell = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : writeJson(value);
