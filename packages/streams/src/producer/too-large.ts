import { type AppDocument, appSensitivity, changelogTopic } from '@millrace/spec';
import type { RecordFailure } from '../topology/topology.ts';
import type { ProducedRecord } from '../transport/record.ts';
import { LetterMaking, StepMaking } from './making.ts';
import type { SizeNote } from './size-note.ts';

const maxKeyText = 200;

/** The failure of a record that Kafka does not take for its size; null: it was such a note itself. */
export const tooLarge = (record: ProducedRecord, document: AppDocument): RecordFailure | null => {
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
  const table = Object.keys(document.tables).find((id) => changelogTopic(document.app, id) === record.topic);
  return {
    ...place,
    ...(table === undefined ? undefined : { policy: policyOfTable(document, table), table }),
    kind: 'too-large',
    key: null,
    value: null,
    note,
    reason:
      table === undefined
        ? `too large for ${record.topic}: ${sizeWords(note)}; its max.message.bytes says how much it takes`
        : `the entry ${entryText(record.key, document, table)} of table ${table} is too large for its changelog: ${sizeWords(note)}; it goes on in memory, after a restart its earlier value counts`,
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
const entryText = (key: Buffer | null, document: AppDocument, table: string): string => {
  if ((appSensitivity(document).tables.get(table)?.key ?? false) !== false) return 'of a sensitive key';
  const text = key?.toString() ?? 'null';
  return text.length > maxKeyText ? `${text.slice(0, maxKeyText)}…` : text;
};

/** Of the agents that aggregate into the table the strictest's. */
const policyOfTable = (document: AppDocument, table: string): RecordFailure['policy'] => {
  const said = Object.values(document.agents)
    .filter(({ steps }) => steps.some((step) => step.op === 'aggregate' && step.table === table))
    .map(({ onError }) => onError);
  return (['stop', 'dead-letter', 'skip'] as const).find((policy) => said.includes(policy)) ?? 'dead-letter';
};
