import { getHeapStatistics } from 'node:v8';
import { nothingSensitive, parseJson, writeJson } from '@millrace/spec';
import { type Clock, inStep, type TablePartition, type Transport } from '@millrace/streams';
import type { FromWorker, WorkerResults, WorkerStatus } from '../ipc/from-worker.ts';
import type { ToWorker, WorkerRequest } from '../ipc/to-worker.ts';
import { type Log, saying } from '../log.ts';
import { ProcessLoad } from '../process-load.ts';
import { sensitivityIn } from '../queries/topic-mask.ts';
import { unreachable } from '../unreachable.ts';
import { AppSlot } from './app-slot.ts';
import type { FlightRecorder } from './flight-recorder.ts';
import { TableMask } from './table-mask.ts';
import { tableKey, tablePage, tableWindows } from './table-queries.ts';

const lookEveryMs = 250;
/** Without news of any app, only how the process does is told, so often, ms. */
const quietStatusEveryMs = 500;
/** While all apps are at rest, ms. */
const restingLookEveryMs = 1_000;

export interface WorkerOptions {
  readonly id: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly send: (message: FromWorker) => void;
  readonly log: Log;
  /** Absent where nobody would read it. */
  readonly recorder?: FlightRecorder;
}

class NotRunning extends Error {}

/** Runs apps as control says, answers for their tables, and tells how those are doing of which there is news, up to four times a second. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #slots = new Map<string, AppSlot>();
  /** Of each app, the end of its last command: commands of one app follow one another. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #load: ProcessLoad;
  #timer: { cancel(): void } | undefined;
  #resting = false;
  #toldMs = Number.NEGATIVE_INFINITY;
  #ending = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#load = new ProcessLoad(options.clock);
  }

  start(): void {
    this.#options.send({ type: 'ready' });
    this.#tell(this.#news());
  }

  async receive({ id, request }: ToWorker): Promise<void> {
    try {
      const result = await this.#do(request);
      this.#options.send({ type: 'reply', id, ok: true, result: writeJson(result) });
      if (request.kind === 'deploy' || request.kind === 'stop' || request.kind === 'pause' || request.kind === 'resume')
        this.#tell(this.#news());
    } catch (error) {
      this.#options.send({
        type: 'reply',
        id,
        ok: false,
        code: error instanceof NotRunning ? 'not-running' : 'refused',
        message: saying(error),
      });
    }
  }

  /** Flushes, commits and leaves every group. Idempotent. */
  async stop(): Promise<void> {
    this.#ending = true;
    this.#timer?.cancel();
    await Promise.all([...this.#turns.values()]);
    await Promise.all([...this.#slots.values()].map((slot) => slot.stop()));
  }

  async #do(request: WorkerRequest): Promise<WorkerResults[WorkerRequest['kind']]> {
    switch (request.kind) {
      case 'prepare':
        return this.#inTurn(request.app, async (slot) => slot.prepare(request));
      case 'deploy':
        return this.#inTurn(request.app, (slot) =>
          slot.deploy(request.version, request.how, request.paused, request.suspicions),
        );
      case 'suspect':
        return this.#inTurn(request.app, async (slot) => slot.suspect(request.suspicions));
      case 'pause':
      case 'resume':
        return this.#inTurn(request.app, async (slot) => slot.pause(request.kind === 'pause'));
      case 'stop':
        return this.#inTurn(request.app, (slot) => slot.stop());
      case 'table-page':
        return tablePage(this.#table(request.app, request.table), request, this.#options.clock, this.#mask(request));
      case 'table-key':
        return {
          rows: tableKey(this.#table(request.app, request.table), parseJson(request.keyJson), this.#mask(request)),
        };
      case 'table-windows':
        return { windows: tableWindows(this.#table(request.app, request.table), request.column, this.#mask(request)) };
      default:
        return unreachable(request);
    }
  }

  async #inTurn(app: string, command: (slot: AppSlot) => Promise<void>): Promise<null> {
    if (this.#ending) throw new Error('the worker is ending');
    const { transport, clock, id, log, recorder } = this.#options;
    const slot = this.#slots.get(app) ?? new AppSlot(transport, clock, id, log, recorder ?? null, () => this.#awake());
    this.#slots.set(app, slot);
    const turn = (this.#turns.get(app) ?? Promise.resolve()).then(() => command(slot));
    // Whoever waits for the turn hears of its failure; the next turn only waits for its end.
    this.#turns.set(
      app,
      turn.catch(() => undefined),
    );
    await turn;
    return null;
  }

  #table(app: string, table: string): readonly TablePartition[] {
    const tables = this.#slots.get(app)?.tables ?? null;
    if (tables === null) throw new NotRunning(`${app} does not run on worker ${this.#options.id}`);
    return tables.get(table) ?? [];
  }

  #mask({ app, table }: { readonly app: string; readonly table: string }): TableMask {
    const document = this.#slots.get(app)?.document ?? null;
    return new TableMask((document && sensitivityIn(document).tables.get(table)) ?? nothingSensitive);
  }

  #look(): void {
    const news = this.#news();
    if (news.length > 0 || this.#options.clock.monotonic() - this.#toldMs >= quietStatusEveryMs) this.#tell(news);
    else this.#lookAgain();
  }

  #tell(news: WorkerStatus['apps']): void {
    this.#options.send(this.#status(news));
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#resting = [...this.#slots.values()].every(({ atRest }) => atRest);
    this.#lookIn(this.#resting ? inStep(restingLookEveryMs, this.#options.clock.monotonic()) : lookEveryMs);
  }

  #awake(): void {
    if (!this.#resting) return;
    this.#resting = false;
    this.#lookIn(lookEveryMs);
  }

  #lookIn(ms: number): void {
    this.#timer?.cancel();
    if (!this.#ending) this.#timer = this.#options.clock.after(ms, () => this.#look());
  }

  #news(): WorkerStatus['apps'] {
    return [...this.#slots.values()].flatMap((slot) => slot.news() ?? []);
  }

  #status(apps: WorkerStatus['apps']): WorkerStatus {
    this.#toldMs = this.#options.clock.monotonic();
    return {
      type: 'status',
      atMs: this.#options.clock.now(),
      ...this.#load.read(),
      heapLimitBytes: getHeapStatistics().heap_size_limit,
      running: [...this.#slots].flatMap(([app, slot]) => (slot.runs ? [app] : [])),
      apps,
    };
  }
}
