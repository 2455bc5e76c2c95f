import type { Dataflow, Store } from '@millrace/dataflow';
import type { RecordFailure } from '../topology/topology.ts';
import type { ProducedRecord } from '../transport/record.ts';
import { LetterMaking, StepMaking } from './making.ts';
import type { SizeNote } from './size-note.ts';

const maxKeyText = 200;

/** The failure of a record that Kafka does not take for its size; null: it was such a note itself. */
export const tooLarge = (record: ProducedRecord, dataflow: Dataflow): RecordFailure | null => {
  const { making } = record;
  const note = noteOf(record);
  if (making instanceof LetterMaking) {
    const { failure } = making;
    if (failure.note !== undefined) return null;
    const { headers: _, ...told } = failure;
    return { ...told, key: null, value: null, note };
  }
  const place =
    making instanceof StepMaking
      ? { ...making.origin, policy: making.policy, agent: making.agent, step: making.step }
      : {
          policy: 'dead-letter' as const,
          topic: record.topic,
          partition: record.partition ?? 0,
          offset: -1n,
          timestampMs: record.timestampMs,
        };
  const store = dataflow.stores.find(({ changelog }) => changelog === record.topic);
  return {
    ...place,
    ...(store === undefined ? undefined : { policy: policyOfStore(dataflow, store), table: store.id }),
    kind: 'too-large',
    key: null,
    value: null,
    note,
    reason:
      store === undefined
        ? `too large for ${record.topic}: ${sizeWords(note)}; its max.message.bytes says how much it takes`
        : `the entry ${entryText(record.key, store)} of table ${store.id} is too large for its changelog: ${sizeWords(note)}; it goes on in memory, after a restart its earlier value counts`,
  };
};

const noteOf = ({ topic, key, value, headers }: ProducedRecord): SizeNote => ({
  target: topic,
  keyBytes: key?.length ?? 0,
  valueBytes: value?.length ?? 0,
  headerBytes: (headers ?? []).reduce((sum, [name, bytes]) => sum + Buffer.byteLength(name) + (bytes?.length ?? 0), 0),
});

const sizeWords = ({ keyBytes, valueBytes, headerBytes }: SizeNote): string =>
  `key ${keyBytes}, value ${valueBytes}, headers ${headerBytes} bytes`;

/** A sensitive key never stands in a reason (D2). */
const entryText = (key: Buffer | null, { sensitiveKey }: Store): string => {
  if (sensitiveKey) return 'of a sensitive key';
  const text = key?.toString() ?? 'null';
  return text.length > maxKeyText ? `${text.slice(0, maxKeyText)}…` : text;
};

/** Of the agents that aggregate into the table the strictest's. */
const policyOfStore = ({ nodes }: Dataflow, { id }: Store): RecordFailure['policy'] => {
  const said = nodes.flatMap((node) =>
    node.kind === 'operator' && node.step.op === 'aggregate' && node.step.table === id ? [node.onError] : [],
  );
  return (['stop', 'dead-letter', 'skip'] as const).find((policy) => said.includes(policy)) ?? 'dead-letter';
};
