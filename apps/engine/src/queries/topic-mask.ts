import {
  type AppDocument,
  type AppSensitivity,
  appSensitivity,
  changelogTopic,
  either,
  lateTopic,
  nothingSensitive,
  type RecordSensitivity,
} from '@millrace/spec';
import { type ConsumedRecord, lastHeader } from '@millrace/streams';

/** What of a record of one topic is not to be shown. */
export type TopicMask = (record: ConsumedRecord) => RecordSensitivity;

const all: RecordSensitivity = { key: true, value: true };
const known = new WeakMap<AppDocument, AppSensitivity>();

export const sensitivityIn = (document: AppDocument): AppSensitivity => {
  const found = known.get(document) ?? appSensitivity(document);
  known.set(document, found);
  return found;
};

/**
 * The mask of a Kafka topic over all apps that use it: what one calls sensitive is so for all. Also of what they derive from it: topics that they
 * send to, repartitions, changelogs, late topics, dead letters.
 */
export function topicMask(documents: readonly AppDocument[], topic: string): TopicMask {
  const masks = documents.flatMap((document) => maskIn(document, topic) ?? []);
  return (record) =>
    masks.reduce((before, mask) => {
      const more = mask(record);
      return { key: either(before.key, more.key), value: either(before.value, more.value) };
    }, nothingSensitive);
}

function maskIn(document: AppDocument, topic: string): TopicMask | null {
  const sensitivity = sensitivityIn(document);
  if (topic === document.settings.deadLetterTopic) return letterMask(document, sensitivity);
  const fixed = sourceMask(document, sensitivity, topic) ?? tableMask(document, sensitivity, topic);
  return fixed === null ? null : () => fixed;
}

const sourceMask = (document: AppDocument, { topics, repartitions }: AppSensitivity, topic: string) => {
  const of = Object.entries(document.topics)
    .filter(([, { name }]) => name === topic)
    .flatMap(([id]) => topics.get(id) ?? []);
  return of[0] ?? repartitions.get(topic) ?? null;
};

function tableMask(document: AppDocument, { tables, states, late }: AppSensitivity, topic: string) {
  for (const table of Object.keys(document.tables)) {
    if (topic === lateTopic(document.app, table)) return late.get(table) ?? null;
    if (topic !== changelogTopic(document.app, table)) continue;
    const inStates = states.get(table) ?? false;
    // `s` holds the states of an entry: see the changelog's format.
    return {
      key: (tables.get(table)?.key ?? false) !== false,
      value: inStates === false ? false : { fields: { s: inStates } },
    };
  }
  return null;
}

/** A dead letter has the bytes of the record that failed: it is masked as that is where it was read. */
function letterMask(document: AppDocument, sensitivity: AppSensitivity): TopicMask {
  const secrets = Object.values(document.models).some(({ fields }) =>
    Object.values(fields).some(({ sensitive }) => sensitive),
  );
  const any = secrets || [...sensitivity.topics.values()].some(({ key, value }) => key !== false || value !== false);
  return ({ headers }) => {
    if (!any || lastHeader(headers, 'millrace.too-large') !== undefined) return nothingSensitive;
    const origin = lastHeader(headers, 'millrace.origin.topic')?.toString();
    return (
      (origin === undefined
        ? null
        : (sourceMask(document, sensitivity, origin) ?? tableMask(document, sensitivity, origin))) ?? all
    );
  };
}
