/**
 * AlterConfigs (33), 0–2: replaces all settings of topics: those that are not named go back to their defaults. Flexible
 * from 2. The broker's own settings can't be changed while it runs: INVALID_REQUEST.
 */
import type { Broker } from '../broker.ts';
import type { Topic } from '../topics/topic.ts';
import { checkConfig } from '../topics/topic-config.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, boolean, int8, int16, int32, nullableString, string, struct } from '../wire/schema.ts';
import { resourceType } from './32-describe-configs.ts';
import { defineApi } from './api.ts';

export const alterConfigsResponse = struct({
  throttleTimeMs: int32,
  results: array(struct({ errorCode: int16, errorMessage: nullableString, type: int8, name: string })),
});

export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  first: 0,
  last: 2,
  flexibleFrom: 2,
  request: struct({
    resources: array(
      struct({ type: int8, name: string, configs: array(struct({ name: string, value: nullableString })) }),
    ),
    validateOnly: boolean,
  }),
  response: alterConfigsResponse,
  handle: ({ resources, validateOnly }, { broker }) =>
    alterEach(resources, validateOnly, broker, (_, { configs }) => {
      const overrides = new Map<string, string>();
      for (const { name, value } of configs) {
        checkConfig(name, value);
        overrides.set(name, value);
      }
      return overrides;
    }),
});

/** Changes the settings of each topic to what `change` makes of them; one that throws is refused and left as it is. */
export async function alterEach<R extends { readonly type: number; readonly name: string }>(
  resources: readonly R[],
  validateOnly: boolean,
  broker: Broker,
  change: (topic: Topic, resource: R) => ReadonlyMap<string, string>,
) {
  const results = [];
  for (const resource of resources) {
    const { type, name } = resource;
    try {
      const topic = type === resourceType.topic ? broker.topics.get(name) : undefined;
      if (type !== resourceType.topic) {
        throw new KafkaError(ErrorCode.invalidRequest, 'Only the settings of topics can be changed here.');
      }
      if (topic === undefined)
        throw new KafkaError(ErrorCode.unknownTopicOrPartition, `The topic '${name}' does not exist.`);
      const overrides = change(topic, resource);
      if (!validateOnly) await broker.topics.configure(name, overrides);
      results.push({ errorCode: ErrorCode.none, errorMessage: null, type, name });
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      results.push({ errorCode: error.code, errorMessage: error.message, type, name });
    }
  }
  return { throttleTimeMs: 0, results };
}
