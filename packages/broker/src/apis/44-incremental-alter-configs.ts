/**
 * IncrementalAlterConfigs (44), 0–1: changes single settings of topics. Flexible from 1. Operations: 0 set, 1 back to
 * the default, 2 append to and 3 subtract from a list.
 */
import { checkConfig, configValue, isListConfig, listOf } from '../topics/topic-config.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, boolean, int8, nullableString, string, struct } from '../wire/schema.ts';
import { alterConfigsResponse, alterEach } from './33-alter-configs.ts';
import { defineApi } from './api.ts';

const operations = ['set', 'delete', 'append', 'subtract'] as const;

export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  first: 0,
  last: 1,
  flexibleFrom: 1,
  request: struct({
    resources: array(
      struct({
        type: int8,
        name: string,
        configs: array(struct({ name: string, operation: int8, value: nullableString })),
      }),
    ),
    validateOnly: boolean,
  }),
  response: alterConfigsResponse,
  handle: ({ resources, validateOnly }, { broker }) =>
    alterEach(resources, validateOnly, broker, (topic, { configs }) => {
      const overrides = new Map(topic.overrides);
      for (const { name, operation, value } of configs) {
        if (operations[operation] === 'delete') {
          checkConfig(name, configValue(overrides, name) ?? null);
          overrides.delete(name);
          continue;
        }
        const next = operate(overrides, name, operation, value);
        checkConfig(name, next);
        overrides.set(name, next);
      }
      return overrides;
    }),
});

function operate(
  overrides: ReadonlyMap<string, string>,
  name: string,
  operation: number,
  value: string | null,
): string | null {
  const kind = operations[operation];
  if (kind === undefined) throw new KafkaError(ErrorCode.invalidRequest, `Unknown operation ${operation}`);
  if (kind === 'set' || value === null) return value;
  if (!isListConfig(name))
    throw new KafkaError(ErrorCode.invalidConfig, `Config value append is not allowed for config key: ${name}`);
  const words = listOf(value);
  const before = listOf(configValue(overrides, name) ?? '');
  const kept = before.filter((word) => !words.includes(word));
  return (kind === 'append' ? [...kept, ...words] : kept).join(',');
}
