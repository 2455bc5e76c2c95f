import { compileDataflow } from '@millrace/dataflow';
import { parseDocument } from '@millrace/spec';
import { AppRuntime, type Clock, compileTopology } from '@millrace/streams';
import { kafkaJsTransport } from '@millrace/transport-kafkajs';
import { partitionCount } from './events.ts';

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

export interface CountApp {
  readonly app: AppRuntime;
  /** Events counted so far. */
  counted(): number;
  stop(): Promise<void>;
}

/**
 * The engine's windowed count, one minute by key, over this project's driver: its topics are made, and it is yet to be started. `groupBy`: an
 * expression to repartition by.
 */
export async function countApp(brokers: string, topic: string, groupBy?: string): Promise<CountApp> {
  const { document, problems } = parseDocument(`
app: bench-${process.pid}-${Date.now()}
models:
  Event: { ip: string, user: string, ok: boolean, ts: timestamp, note: string }
topics:
  events: { name: ${topic}, partitions: ${partitionCount}, key: string, value: Event, eventTime: value.ts }
tables:
  counts: { key: string, window: { tumbling: 1m, grace: 1m }, value: { events: count() } }
agents:
  count:
    from: events
    steps:
${groupBy === undefined ? '' : `      - group_by: ${groupBy}\n`}      - aggregate: counts
`);
  if (!document) throw new Error(JSON.stringify(problems));
  const transport = kafkaJsTransport({ brokers: brokers.split(',') });
  const dataflow = compileDataflow(document);
  const topology = compileTopology(dataflow);
  await transport.admin().createTopics(dataflow.topics);
  const app = new AppRuntime({ topology, transport, clock, workerId: 'bench' });
  app.onState((state) => {
    if (state.kind === 'failed' || state.kind === 'retrying') console.error(state.kind, state.reason);
  });
  return {
    app,
    counted: () => (app.status().tables['counts'] ?? []).reduce((sum, { updates }) => sum + updates, 0),
    stop: async () => {
      await app.stop();
      await transport.close();
    },
  };
}
