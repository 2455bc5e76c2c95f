import { expect, test } from 'vitest';
import { brokerConfigEntries, defaultConfig, InvalidSetting, parseSetting } from './config.ts';

test('a setting is taken by its name in Kafka, in the unit of that name', () => {
  expect(parseSetting('offsets.retention.minutes=5')).toEqual({ offsetsRetentionMs: 300_000 });
  expect(parseSetting(' auto.create.topics.enable = true ')).toEqual({ autoCreateTopics: true });
});

test('what DescribeConfigs lists can be set again, and says the same', () => {
  for (const { name, value, isDefault } of brokerConfigEntries(defaultConfig)) {
    expect({ ...defaultConfig, ...parseSetting(`${name}=${value}`) }, name).toEqual(defaultConfig);
    expect(isDefault).toBe(true);
  }
});

test('a setting that can not be is refused in words that say what can', () => {
  const refusals = [
    ['log.cleaner.backof.ms=1', "there is no setting 'log.cleaner.backof.ms'; near it: log.cleaner.backoff.ms"],
    ['partitions=1', 'near it: max.partitions.per.topic, num.partitions'],
    ['zzz=1', 'there are: auto.create.topics.enable, '],
    ['num.partitions', "'num.partitions' is not of the form name=value"],
    ['num.partitions=0', "num.partitions takes a whole number from 1 to 1000, not '0'"],
    ['num.partitions=1e2', "not '1e2'"],
    ['auto.create.topics.enable=yes', "auto.create.topics.enable takes true or false, not 'yes'"],
  ] as const;
  for (const [text, words] of refusals) {
    expect(() => parseSetting(text), text).toThrow(InvalidSetting);
    expect(() => parseSetting(text), text).toThrow(words);
  }
});
