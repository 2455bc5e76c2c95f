import { inStep } from '../in-step.ts';
import type { TransportAdmin } from '../transport/admin.ts';

/** How long what was asked is believed, about, ms. */
const everyMs = 60_000;

/** How long the topics that an app sends to keep their records, as their brokers say: by the time of a record, which is its event's. */
export class TopicRetention {
  readonly #admin: Pick<TransportAdmin, 'topicConfigs'>;
  readonly #kept = new Map<string, number>();
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(admin: Pick<TransportAdmin, 'topicConfigs'>) {
    this.#admin = admin;
  }

  /** ms; Infinity: for ever, or not known. */
  keptMs(topic: string): number {
    return this.#kept.get(topic) ?? Number.POSITIVE_INFINITY;
  }

  /** When it is time to ask again, ms of the monotonic clock, as the others here. */
  get nextMs(): number {
    return this.#nextMs;
  }

  due(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  /** Asks. A topic that does not tell is left as it is known. */
  async refresh(topics: readonly string[], nowMs: number): Promise<void> {
    this.#nextMs = nowMs + inStep(everyMs, nowMs);
    await Promise.all(
      topics.map(async (topic) => {
        const configs = await this.#admin.topicConfigs(topic).catch(() => null);
        if (configs !== null) this.#kept.set(topic, keptMsOf(configs));
      }),
    );
  }
}

/** How long a topic with these settings keeps its records, ms; Infinity: for ever. */
export const keptMsOf = (configs: Readonly<Record<string, string>>): number => {
  const { 'cleanup.policy': policy = 'delete', 'retention.ms': retention = '-1' } = configs;
  const ms = Number(retention);
  return !policy.split(',').includes('delete') || ms < 0 || Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
};
