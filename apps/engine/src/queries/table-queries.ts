import { type Dataflow, subtopologyOfStore } from '@millrace/dataflow';
import { type AppDocument, canonicalJson } from '@millrace/spec';
import type { Clock, Transport, TransportAdmin } from '@millrace/streams';
import type { AppView, Workspace } from '../figures/workspace.ts';
import { ApiFailure, notFound } from '../http/api-failure.ts';
import type { PageResult, PartitionRow, WindowFigures } from '../ipc/from-worker.ts';
import type { PageQuery } from '../ipc/to-worker.ts';
import { addUpWindows } from '../worker/table-queries.ts';
import { WorkerError } from '../workers/worker-error.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { WorkerProcess } from '../workers/worker-process.ts';
import type { Page } from './record-pages.ts';
import { type BehindQuery, recordsBehind } from './records-behind.ts';
import { rowOrder } from './row-order.ts';
import { parseKey } from './table-key.ts';
import { sensitivityIn } from './topic-mask.ts';

const timeoutMs = 3_000;
/** A page further down than this is found by its sort column first, so that not every row before it crosses from each worker. */
const deepSkip = 2_000;

export interface TableQueriesOptions {
  readonly workspace: Workspace;
  readonly pool: WorkerPool;
  readonly transport: Transport;
  readonly admin: TransportAdmin;
  readonly clock: Clock;
}

export type RowsQuery = Omit<PageQuery, 'sortOnly' | 'sort'> & { readonly sort: PageQuery['sort'] | null };

export interface RowsPage {
  readonly rows: readonly PartitionRow[];
  readonly matched: number;
  readonly total: number;
  /** The filter had no time to look at every row: more may match. */
  readonly partial: boolean;
  /** Partitions that no worker of this engine serves now. */
  readonly missing: readonly number[];
}

/** Reads of tables, gathered from the workers that hold their partitions. Calls throw `ApiFailure` and `WorkerError`. */
export class TableQueries {
  readonly #options: TableQueriesOptions;

  constructor(options: TableQueriesOptions) {
    this.#options = options;
  }

  /** The app's running document, with the table in it. */
  running(app: string, table: string): AppDocument {
    return this.#view(app, table).document;
  }

  async page(app: string, table: string, query: RowsQuery): Promise<RowsPage> {
    const { dataflow } = this.#view(app, table);
    const sort = query.sort ?? { column: 'key', descending: false };
    const whole: PageQuery = { ...query, sort, sortOnly: false };
    const workers = this.#workers();
    const pages =
      workers.length > 1 && query.skip > deepSkip
        ? await this.#deepPages(workers, app, table, whole)
        : await this.#pages(workers, app, table, {
            ...whole,
            ...(workers.length > 1 ? { skip: 0, limit: query.skip + query.limit } : {}),
          });
    const results = [...pages.values()];
    const rows = results.flatMap((page) => page.rows);
    const skipped = workers.length > 1 && query.skip <= deepSkip ? query.skip : 0;
    if (workers.length > 1) rows.sort(rowOrder(sort));
    const served = new Set(results.flatMap(({ partitions }) => partitions));
    const { partitions = 0 } = subtopologyOfStore(dataflow, table) ?? {};
    return {
      rows: rows.slice(skipped, skipped + query.limit),
      matched: results.reduce((sum, { matched }) => sum + matched, 0),
      total: results.reduce((sum, { total }) => sum + total, 0),
      partial: results.some(({ partial }) => partial),
      missing: Array.from({ length: partitions }, (_, partition) => partition).filter(
        (partition) => !served.has(partition),
      ),
    };
  }

  /** All windows of one key, written as text; newest first. Throws `ApiFailure` 400 where it is no key of this table. */
  async key(app: string, table: string, text: string): Promise<RowsPage> {
    const { document } = this.#view(app, table);
    refuseSensitiveKey(document, table);
    const keyJson = canonicalJson(parseKey(document, table, text));
    const answers = await this.#ask(this.#workers(), (worker) =>
      worker.request({ kind: 'table-key', app, table, keyJson }, timeoutMs),
    );
    const rows = [...answers.values()].flatMap(({ rows: found }) => found);
    return { rows, matched: rows.length, total: rows.length, partial: false, missing: [] };
  }

  async windows(app: string, table: string, column: string | null): Promise<readonly WindowFigures[]> {
    const answers = await this.#ask(this.#workers(), (worker) =>
      worker.request({ kind: 'table-windows', app, table, column }, timeoutMs),
    );
    return addUpWindows([...answers.values()].map(({ windows }) => windows));
  }

  /** The source records behind a row, newest first, as far as they are still kept. */
  async behind(app: string, table: string, query: BehindQuery, signal?: AbortSignal): Promise<Page> {
    const { document, dataflow } = this.#view(app, table);
    refuseSensitiveKey(document, table);
    return recordsBehind(
      this.#options.transport,
      this.#options.admin,
      { document, dataflow },
      table,
      parseKey(document, table, query.key),
      query,
      this.#options.clock,
      signal,
    );
  }

  /** Of each worker, only the rows that belong on the page: which those are, the sort columns say. */
  async #deepPages(
    workers: readonly WorkerProcess[],
    app: string,
    table: string,
    query: PageQuery,
  ): Promise<ReadonlyMap<WorkerProcess, PageResult>> {
    const heads = await this.#pages(workers, app, table, {
      ...query,
      skip: 0,
      limit: query.skip + query.limit,
      sortOnly: true,
      trend: false,
    });
    const order = rowOrder(query.sort);
    const ranked = [...heads]
      .flatMap(([worker, { rows }]) => rows.map((row) => ({ worker, row })))
      .sort((a, b) => order(a.row, b.row));
    const before = countBy(ranked.slice(0, query.skip).map(({ worker }) => worker));
    const within = countBy(ranked.slice(query.skip, query.skip + query.limit).map(({ worker }) => worker));
    return this.#ask([...heads.keys()], (worker) =>
      worker.request(
        { kind: 'table-page', app, table, ...query, skip: before.get(worker) ?? 0, limit: within.get(worker) ?? 0 },
        timeoutMs,
      ),
    );
  }

  #pages(
    workers: readonly WorkerProcess[],
    app: string,
    table: string,
    query: PageQuery,
  ): Promise<ReadonlyMap<WorkerProcess, PageResult>> {
    return this.#ask(workers, (worker) => worker.request({ kind: 'table-page', app, table, ...query }, timeoutMs));
  }

  /** Asks side by side. Those that died or don't run the app hold nothing of it. Throws the first other error. */
  async #ask<T>(
    workers: readonly WorkerProcess[],
    request: (worker: WorkerProcess) => Promise<T>,
  ): Promise<ReadonlyMap<WorkerProcess, T>> {
    const answers = new Map<WorkerProcess, T>();
    await Promise.all(
      workers.map(async (worker) => {
        try {
          answers.set(worker, await request(worker));
        } catch (error) {
          if (!(error instanceof WorkerError) || (error.code !== 'died' && error.code !== 'not-running')) throw error;
        }
      }),
    );
    return answers;
  }

  #workers(): readonly WorkerProcess[] {
    return this.#options.pool.running;
  }

  #view(app: string, table: string): AppView & { readonly document: AppDocument; readonly dataflow: Dataflow } {
    const view = this.#options.workspace.app(app);
    if (view === null) throw notFound(`There is no app ${app} here`, 'Deploy it first.');
    const { document, dataflow } = view;
    if (document === null || dataflow === null)
      throw notFound(`${app} does not run`, 'Its tables can be read while it runs or is paused.');
    if (!Object.hasOwn(document.tables, table))
      throw notFound(`${app} has no table ${table}`, `It has: ${Object.keys(document.tables).join(', ') || 'none'}.`);
    return { ...view, document, dataflow };
  }
}

/** Whoever may ask for a key by its text finds out by asking whether it is there. */
function refuseSensitiveKey(document: AppDocument, table: string): void {
  if ((sensitivityIn(document).tables.get(table)?.key ?? false) === false) return;
  throw new ApiFailure(403, 'sensitive-key', `The keys of ${table} are sensitive: none can be looked up`, {
    hint: 'Its rows are shown with their keys masked.',
  });
}

function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
