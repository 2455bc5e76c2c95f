import type { Dataflow } from '@millrace/dataflow';
import { SourceEnds } from '../consumer/source-ends.ts';
import type { FlowControl } from '../flow-control/flow-control.ts';
import type { Outbox } from '../producer/outbox.ts';
import type { Task } from '../task/task.ts';
import { sinkTopics } from '../topology/topology.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import { TransportError } from '../transport/transport-error.ts';
import type { SessionHost } from './session-host.ts';
import { Tick } from './tick.ts';
import { TopicRetention } from './topic-retention.ts';

export interface UpkeepOptions {
  readonly admin: TransportAdmin;
  readonly host: Pick<SessionHost, 'clock' | 'paused' | 'inTrouble' | 'sensor' | 'awoke'>;
  readonly tasks: Iterable<Task>;
  readonly flow: FlowControl;
  readonly outbox: Outbox;
  readonly dataflow: () => Dataflow;
  readonly isOver: () => boolean;
  /** Time has moved on, and ends were asked: there may be something to commit. */
  readonly looked: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * What a session does once a second, whether or not records come: it learns what Kafka alone knows, and moves time on where inputs are idle. Once all is quiet and
 * written it sleeps until time closes or expires something, or it is time to ask Kafka again.
 */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #ends: SourceEnds;
  readonly #retention: TopicRetention;
  readonly #tick: Tick;

  constructor(options: UpkeepOptions) {
    const { admin, host } = options;
    this.#options = options;
    this.#ends = new SourceEnds(admin, host.clock);
    this.#retention = new TopicRetention(admin);
    this.#tick = new Tick(
      host.clock,
      () => this.#everySecond(),
      () => this.#restMs(),
    );
  }

  get busy(): boolean {
    return this.#tick.busy;
  }

  /** Nothing is left to do but to wait. */
  get asleep(): boolean {
    return this.#tick.asleep;
  }

  start(): void {
    this.#tick.start();
  }

  /** Something has come: ends a sleep. */
  stir(): void {
    if (!this.#tick.asleep) return;
    this.#tick.start();
    this.#options.host.awoke();
    // What comes finds time where the wall clock has brought it meanwhile.
    this.#advanceTime();
  }

  close(): void {
    this.#tick.close();
  }

  /** See `TopicRetention`. */
  keptMs(topic: string): number {
    return this.#retention.keptMs(topic);
  }

  /** How long the topics that the app sends to keep what it sends. */
  learnRetention(): Promise<void> {
    const { dataflow, host } = this.#options;
    return this.#retention.refresh(sinkTopics(dataflow()), host.clock.monotonic());
  }

  /** What comes is not fetched, or may not be: it does not tell of itself. */
  get #unfetched(): boolean {
    const { host } = this.#options;
    return host.paused || host.inTrouble;
  }

  #everySecond(): Promise<void> | null {
    const { tasks, host } = this.#options;
    if (this.#ends.due(tasks, this.#unfetched) || this.#retention.due(host.clock.monotonic())) return this.#askKafka();
    this.#advanceTime();
    return null;
  }

  async #askKafka(): Promise<void> {
    const { tasks, flow, host, failed } = this.#options;
    try {
      if (this.#ends.due(tasks, this.#unfetched))
        await this.#ends.refresh(tasks, this.#unfetched, ({ topic, partition }) => flow.paused(topic, partition));
      if (this.#retention.due(host.clock.monotonic())) await this.learnRetention();
      this.#advanceTime();
    } catch (error) {
      if (error instanceof TransportError && error.retriable)
        host.sensor?.failed?.(error, 'reading the ends of the sources');
      else failed(error);
    }
  }

  #advanceTime(): void {
    const { tasks, outbox, host, dataflow, isOver, looked, failed } = this.#options;
    if (isOver() || this.#unfetched) return;
    try {
      for (const task of tasks) task.advanceWhenIdle(host.clock.now(), dataflow().settings.idleTimeoutMs);
      outbox.post();
      looked();
    } catch (error) {
      failed(error);
    }
  }

  #restMs(): number {
    const { tasks, host } = this.#options;
    if (this.#unfetched) return 0;
    let restMs = Math.min(this.#ends.silentForMs, this.#retention.nextMs - host.clock.monotonic());
    for (const task of tasks) restMs = Math.min(restMs, task.restMs);
    return restMs;
  }
}
