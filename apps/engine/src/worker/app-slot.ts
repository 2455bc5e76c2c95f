import { compileDataflow } from '@millrace/dataflow';
import type { AppDocument } from '@millrace/spec';
import {
  AppRuntime,
  type Clock,
  compileTopology,
  inStep,
  NeverRan,
  type Suspicion,
  SwapRefused,
  type TablePartition,
  type Topology,
  type Transport,
} from '@millrace/streams';
import type { WorkerStatus } from '../ipc/from-worker.ts';
import type { WorkerRequest } from '../ipc/to-worker.ts';
import type { Log } from '../log.ts';
import type { FlightRecorder } from './flight-recorder.ts';

type Prepared = Pick<Extract<WorkerRequest, { kind: 'prepare' }>, 'version' | 'document' | 'partitions'>;

interface Version {
  readonly version: number;
  readonly document: AppDocument;
  readonly topology: Topology;
}

/** Rates and loads are means over some seconds: they are told until they have come to rest after the last change, ms. */
const settlesWithinMs = 6_000;
/** What passes with time alone, as stream time does, is told so often, ms. */
const quietEveryMs = 20_000;

/** What a worker has of one app: the version that runs, and versions that were prepared. Calls follow one another. */
export class AppSlot {
  readonly #awoke: () => void;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #workerId: string;
  readonly #log: Log;
  readonly #recorder: FlightRecorder | null;
  #prepared: Version | null = null;
  #runtime: AppRuntime | null = null;
  #version = 0;
  #document: AppDocument | null = null;
  #toldVersion = 0;
  #changedMs = Number.NEGATIVE_INFINITY;
  #quietUntilMs = Number.NEGATIVE_INFINITY;

  /** `awoke`: its app was at rest, and there will be news. */
  constructor(
    transport: Transport,
    clock: Clock,
    workerId: string,
    log: Log,
    recorder: FlightRecorder | null,
    awoke: () => void,
  ) {
    this.#awoke = awoke;
    this.#transport = transport;
    this.#clock = clock;
    this.#workerId = workerId;
    this.#log = log;
    this.#recorder = recorder;
  }

  get tables(): ReadonlyMap<string, readonly TablePartition[]> | null {
    return this.#runtime?.tables() ?? null;
  }

  /** Of the version that runs. */
  get document(): AppDocument | null {
    return this.#runtime === null ? null : this.#document;
  }

  get runs(): boolean {
    return this.#runtime !== null;
  }

  /** There was no change for so long that there is news of what passes with time alone. */
  get atRest(): boolean {
    return this.#runtime === null || this.#clock.monotonic() - this.#changedMs > settlesWithinMs;
  }

  /** Null: nothing runs, or nothing has changed that was not told. */
  news(): WorkerStatus['apps'][number] | null {
    if (this.#runtime === null) return null;
    const nowMs = this.#clock.monotonic();
    if (this.#runtime.stirred() || this.#version !== this.#toldVersion) this.#changedMs = nowMs;
    if (this.atRest && nowMs < this.#quietUntilMs) return null;
    this.#quietUntilMs = nowMs + inStep(quietEveryMs, nowMs);
    this.#toldVersion = this.#version;
    return { version: this.#version, status: this.#runtime.status() };
  }

  prepare({ version, document, partitions }: Prepared): void {
    const dataflow = compileDataflow(document, new Map(Object.entries(partitions)));
    this.#prepared = { version, document, topology: compileTopology(dataflow) };
  }

  /** Throws an `Error` in words when the version can't run here; what ran before a refused swap runs on. */
  async deploy(
    version: number,
    how: 'start' | 'swap',
    paused: boolean,
    suspicions: readonly Suspicion[],
  ): Promise<void> {
    const prepared = this.#prepared;
    if (prepared?.version !== version) throw new Error(`v${version} was not prepared`);
    if (how === 'start' || !(await this.#swapped(prepared))) await this.#start(prepared, paused, suspicions);
    this.#version = version;
    this.#document = prepared.document;
    this.pause(paused);
  }

  suspect(suspicions: readonly Suspicion[]): void {
    this.#runtime?.suspect(suspicions);
  }

  pause(paused: boolean): void {
    if (paused) this.#runtime?.pause();
    else this.#runtime?.resume();
  }

  async stop(): Promise<void> {
    const runtime = this.#runtime;
    await runtime?.stop();
    this.#runtime = null;
  }

  /** False: there is nothing to swap into, or it has to rejoin. */
  async #swapped({ topology }: Version): Promise<boolean> {
    if (this.#runtime === null) return false;
    try {
      await this.#runtime.swap(topology);
      return true;
    } catch (error) {
      if (error instanceof SwapRefused) return false;
      throw error;
    }
  }

  async #start({ topology }: Version, paused: boolean, suspicions: readonly Suspicion[]): Promise<void> {
    await this.stop();
    const runtime = new AppRuntime({
      topology,
      transport: this.#transport,
      clock: this.#clock,
      workerId: this.#workerId,
      awoke: this.#awoke,
      suspicions,
      placed: (place) => this.#recorder?.write(place === null ? null : { app: topology.app, place }),
    });
    this.#runtime = runtime;
    if (paused) runtime.pause();
    // How the start goes on is told by the status: Kafka may be away for as long as it likes.
    runtime.start().catch((error: unknown) => {
      if (!(error instanceof NeverRan)) throw error;
      this.#log(`${topology.app}: ${error.message}`);
    });
  }
}
