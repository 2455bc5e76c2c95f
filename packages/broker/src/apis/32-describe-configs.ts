/**
 * DescribeConfigs (32), 1–4: the settings of topics (type 2) and of the broker (type 4). Flexible from 4.
 * 1: where a value comes from, and synonyms. 3: type and documentation (which we leave out).
 */
import type { Broker } from '../broker.ts';
import { brokerConfigEntries } from '../config.ts';
import { describeConfigs as describeTopicConfigs } from '../topics/topic-config.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import {
  array,
  boolean,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
} from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const resourceType = { topic: 2, broker: 4 } as const;
const configSource = { topic: 1, staticBroker: 4, default: 5 } as const;

export function topicConfigSource(isDefault: boolean): number {
  return isDefault ? configSource.default : configSource.topic;
}

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  first: 1,
  last: 4,
  flexibleFrom: 4,
  request: struct({
    resources: array(struct({ type: int8, name: string, keys: nullableArray(string) })),
    includeSynonyms: boolean,
    includeDocumentation: since(3, boolean),
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        type: int8,
        name: string,
        configs: array(
          struct({
            name: string,
            value: nullableString,
            readOnly: boolean,
            source: int8,
            isSensitive: boolean,
            synonyms: array(struct({ name: string, value: nullableString, source: int8 })),
            configType: since(3, int8),
            documentation: since(3, nullableString),
          }),
        ),
      }),
    ),
  }),
  handle({ resources, includeSynonyms }, { broker }) {
    const results = resources.map(({ type, name, keys }) => {
      try {
        const configs = entriesOf(type, name, broker)
          .filter((entry) => keys === null || keys.length === 0 || keys.includes(entry.name))
          .map((entry) => ({
            name: entry.name,
            value: entry.value,
            readOnly: type === resourceType.broker,
            source: entry.source,
            isSensitive: false,
            synonyms: includeSynonyms ? [{ name: entry.name, value: entry.value, source: entry.source }] : [],
            configType: entry.typeNumber,
            documentation: null,
          }));
        return { errorCode: ErrorCode.none, errorMessage: null, type, name, configs };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: error.code, errorMessage: error.message, type, name, configs: [] };
      }
    });
    return { throttleTimeMs: 0, results };
  },
});

function entriesOf(type: number, name: string, broker: Broker) {
  if (type === resourceType.topic) {
    const topic = broker.topics.get(name);
    if (topic === undefined) throw new KafkaError(ErrorCode.unknownTopicOrPartition, `Topic '${name}' does not exist.`);
    return describeTopicConfigs(topic.overrides).map((entry) => ({
      ...entry,
      source: topicConfigSource(entry.isDefault),
    }));
  }
  if (type !== resourceType.broker)
    throw new KafkaError(ErrorCode.invalidRequest, `Resource type ${type} has no settings here.`);
  if (name !== '' && name !== String(broker.nodeId)) {
    throw new KafkaError(
      ErrorCode.invalidRequest,
      `Unexpected broker id, expected ${broker.nodeId}, but received ${name}`,
    );
  }
  return brokerConfigEntries(broker.config).map((entry) => ({
    ...entry,
    source: entry.isDefault ? configSource.default : configSource.staticBroker,
  }));
}
