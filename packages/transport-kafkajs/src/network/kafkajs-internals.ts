/// <reference path="./kafkajs-modules.d.ts" />
/**
 * The only door to KafkaJS' internals: connections with TLS and SASL, version negotiation, and the requests' encodings.
 * Its consumer and producer are not used: ARCHITECTURE.md says why.
 */
import kafkajs from 'kafkajs/package.json' with { type: 'json' };
import Broker from 'kafkajs/src/broker/index.js';
import loggers, { type KafkaLogger } from 'kafkajs/src/loggers/index.js';
import Connection, { type ConnectionSettings, type SocketFactoryArguments } from 'kafkajs/src/network/connection.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import errors from 'kafkajs/src/protocol/error.js';
import apiKeys from 'kafkajs/src/protocol/requests/apiKeys.js';
import protocol from 'kafkajs/src/protocol/requests/index.js';

const supportedVersion = '2.2.4';
if (kafkajs.version !== supportedVersion) {
  throw new Error(
    `@millrace/transport-kafkajs builds on the internals of KafkaJS ${supportedVersion} and found ${kafkajs.version}: install kafkajs@${supportedVersion}`,
  );
}

export type { Call, RequestDefinition } from 'kafkajs/src/protocol/requests/index.js';
export type { ConnectionSettings, SocketFactoryArguments };
export { apiKeys, Broker, Connection, ConnectionPool, type KafkaLogger, loggers };
export const requests = protocol.requests;
export const kafkaErrors = new Map(errors.errorCodes.map((error) => [error.code, error]));
