import { compileDataflow, type Dataflow } from '@millrace/dataflow';
import { type AppDocument, groupName } from '@millrace/spec';
import { type Clock, partitionId, type TransportAdmin, TransportError } from '@millrace/streams';
import { overall } from './app-entity.ts';
import type { OwedPartition } from './app-figures.ts';
import type { Workspace } from './workspace.ts';

const everyMs = 5_000;

/** What a failed app has yet to read: its workers have let go of its partitions, so that its group and the topics' ends are asked. */
export class FailedLags {
  readonly #workspace: Workspace;
  readonly #admin: TransportAdmin;
  readonly #clock: Clock;
  readonly #documentOf: (app: string) => AppDocument | null;
  #timer: { cancel(): void } | undefined;
  #stopped = false;

  /** `documentOf`: of an app that does not run, too. */
  constructor(
    workspace: Workspace,
    admin: TransportAdmin,
    clock: Clock,
    documentOf: (app: string) => AppDocument | null,
  ) {
    this.#documentOf = documentOf;
    this.#workspace = workspace;
    this.#admin = admin;
    this.#clock = clock;
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.after(everyMs, () => void this.#look().finally(() => this.start())); // never rejects
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    for (const view of this.#workspace.apps()) {
      const { app, figures } = view;
      const document = overall(view).status === 'failed' ? this.#documentOf(app) : null;
      if (document === null) {
        figures.owe(null);
        continue;
      }
      try {
        figures.owe(await owedBy(compileDataflow(document), this.#admin));
      } catch (error) {
        // What was known stays: that Kafka is away is said by its health, and a topic that is gone by the app.
        if (!(error instanceof TransportError)) throw error;
      }
    }
  }
}

async function owedBy(dataflow: Dataflow, admin: TransportAdmin): Promise<OwedPartition[]> {
  const { app, nodes, settings } = dataflow;
  const formats = nodes.flatMap((node) => (node.kind === 'source' ? [node.format] : []));
  const repartitions = formats.flatMap(({ topic, repartitioned }) => (repartitioned ? [topic] : []));
  const topics = formats.map(({ topic }) => topic);
  const partitions = (
    await Promise.all(
      topics.map(async (topic) => (await admin.offsets(topic)).map((offsets) => ({ topic, ...offsets }))),
    )
  ).flat();
  const committed = await admin.committed(groupName(app), partitions);
  return partitions.map(({ topic, partition, earliest, latest }) => {
    const position = committed.get(partitionId(topic, partition)) ?? -1n;
    const fresh = settings.startFrom === 'latest' && !repartitions.includes(topic) ? latest : earliest;
    const from = position < 0n ? fresh : position < earliest ? earliest : position;
    return {
      topic,
      partition,
      committed: position < 0n ? null : position.toString(),
      read: from.toString(),
      end: latest.toString(),
      lag: Number(latest > from ? latest - from : 0n),
    };
  });
}
