/** What this package uses of KafkaJS 2.2.4 beside its public entry. `kafkajs-internals.ts` checks the version. */

declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { SASLOptions } from 'kafkajs';
  import type { KafkaLogger } from 'kafkajs/src/loggers/index.js';

  export interface Connection {
    isConnected(): boolean;
    /** Fails what is in flight. */
    rejectRequests(error: Error): void;
    disconnect(): Promise<unknown>;
    readonly socket?: Socket;
  }
  export interface SocketFactoryArguments {
    readonly host: string;
    readonly port: number;
    readonly ssl: ConnectionOptions | null;
    readonly onConnect: () => void;
  }
  /** Two connections to one broker: 0 for all requests, 1 for fetches. */
  export default class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      logger: KafkaLogger;
      socketFactory: (args: SocketFactoryArguments) => Socket;
      connectionTimeout: number;
      requestTimeout: number;
      clientId: string;
      ssl: ConnectionOptions | null;
      sasl: SASLOptions | null;
    });
    readonly host: string;
    readonly port: number;
    readonly pool: Connection[];
    getConnection(index: number): Promise<Connection>;
    send(call: import('kafkajs/src/protocol/requests/index.js').Call): Promise<unknown>;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { KafkaLogger } from 'kafkajs/src/loggers/index.js';
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
  import type { Lookup } from 'kafkajs/src/protocol/requests/index.js';

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: KafkaLogger; nodeId?: number | null });
    readonly connectionPool: ConnectionPool;
    /** Finds a request in the highest version that both sides speak. Throws until connected. */
    readonly lookupRequest: Lookup;
    isConnected(): boolean;
    /** Connects, asks for the API versions, authenticates. */
    connect(): Promise<void>;
  }
}

declare module 'kafkajs/src/protocol/requests/index.js' {
  export interface Request {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  }
  export interface Response {
    decode(payload: Buffer): Promise<unknown>;
    parse(decoded: unknown): Promise<unknown>;
  }
  export interface Call {
    readonly request: Request;
    readonly response: Response;
    readonly requestTimeout?: number | null;
    readonly logResponseError?: boolean;
  }
  export interface RequestDefinition {
    readonly versions: readonly string[];
  }
  export type Lookup = (apiKey: number, definition: RequestDefinition) => (payload: object) => Call;

  const protocol: { readonly requests: Readonly<Record<string, RequestDefinition>> };
  export default protocol;
}

declare module 'kafkajs/src/protocol/requests/apiKeys.js' {
  const apiKeys: Readonly<Record<string, number>>;
  export default apiKeys;
}

declare module 'kafkajs/src/protocol/error.js' {
  const errors: {
    readonly errorCodes: readonly {
      readonly type: string;
      readonly code: number;
      readonly retriable: boolean;
      readonly message: string;
    }[];
  };
  export default errors;
}

declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator } from 'kafkajs';
  export interface KafkaLogger {
    namespace(name: string): KafkaLogger;
  }
  const loggers: {
    createLogger(options: { level: number; logCreator: logCreator }): KafkaLogger;
    readonly LEVELS: Readonly<Record<'NOTHING' | 'ERROR' | 'WARN' | 'INFO' | 'DEBUG', number>>;
  };
  export default loggers;
}
