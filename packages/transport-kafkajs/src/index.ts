export { kafkaJsTransport } from './kafkajs-transport.ts';
export { type KafkaJsOptions, type KafkaLog, kafkaOptionsFromEnv, type SaslOptions } from './options.ts';
