import { expect, test } from 'vitest';
import { kafkaOptionsFromEnv } from './options.ts';

test('without KAFKA_BROKERS there is no Kafka to reach', () => {
  expect(kafkaOptionsFromEnv({})).toBeNull();
  expect(kafkaOptionsFromEnv({ KAFKA_BROKERS: ' ' })).toBeNull();
});

test('brokers, TLS and SASL come from the environment', () => {
  const env = {
    KAFKA_BROKERS: 'one:9092, two:9093',
    KAFKA_SSL: 'true',
    KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
    KAFKA_SASL_USERNAME: 'me',
    KAFKA_SASL_PASSWORD: 'secret',
  };
  expect(kafkaOptionsFromEnv(env)).toEqual({
    brokers: ['one:9092', 'two:9093'],
    ssl: true,
    sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'secret' },
  });
});

test('a setting that cannot be used is named, a password never', () => {
  const brokers = { KAFKA_BROKERS: 'one:9092' };
  expect(() => kafkaOptionsFromEnv({ KAFKA_BROKERS: 'one' })).toThrow('KAFKA_BROKERS: "one" is not host:port');
  expect(() => kafkaOptionsFromEnv({ ...brokers, KAFKA_SSL: 'yes' })).toThrow('KAFKA_SSL');
  expect(() => kafkaOptionsFromEnv({ ...brokers, KAFKA_SASL_MECHANISM: 'md5' })).toThrow('KAFKA_SASL_MECHANISM: "md5"');
  expect(() => kafkaOptionsFromEnv({ ...brokers, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'pw' })).toThrow(
    /^(?!.*pw).*KAFKA_SASL_USERNAME/,
  );
});
