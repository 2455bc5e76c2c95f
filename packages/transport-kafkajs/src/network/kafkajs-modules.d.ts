/** What this package uses of KafkaJS 2.2.4 beside its public entry. `kafkajs-internals.ts` checks the version. */

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { SASLOptions } from 'kafkajs';
  import type { KafkaLogger } from 'kafkajs/src/loggers/index.js';

  export interface SocketFactoryArguments {
    readonly host: string;
    readonly port: number;
    readonly ssl: ConnectionOptions | null;
    readonly onConnect: () => void;
  }
  export interface ConnectionSettings {
    readonly host: string;
    readonly port: number;
    readonly logger: KafkaLogger;
    readonly socketFactory: (args: SocketFactoryArguments) => Socket;
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly clientId: string;
    readonly ssl: ConnectionOptions | null;
    readonly sasl: SASLOptions | null;
  }
  export default class Connection {
    constructor(settings: ConnectionSettings);
    isConnected(): boolean;
    /** Authenticates first where that is due. */
    send(call: import('kafkajs/src/protocol/requests/index.js').Call): Promise<unknown>;
    /** Fails what is in flight. */
    rejectRequests(error: Error): void;
    disconnect(): Promise<unknown>;
    readonly socket?: Socket;
    readonly requestQueue: {
      readonly pending: readonly unknown[];
      readonly inflight: ReadonlyMap<
        number,
        { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
      >;
      readonly requestTimeout: number;
      requestTimeoutIntervalId?: NodeJS.Timeout;
      readonly isConnected: () => boolean;
      scheduleCheckPendingRequests(): void;
      scheduleRequestTimeoutCheck(): void;
      /** Clears its timers. */
      destroy(): void;
    };
  }
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type Connection from 'kafkajs/src/network/connection.js';
  import type { ConnectionSettings } from 'kafkajs/src/network/connection.js';

  /** Connections to one broker: it makes two. What the broker can do and how to authenticate is told to all that are in `pool`. */
  export default class ConnectionPool {
    constructor(settings: ConnectionSettings);
    readonly host: string;
    readonly port: number;
    readonly pool: Connection[];
    /** Opens it if it is not open. */
    getConnection(index: number): Promise<Connection>;
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { KafkaLogger } from 'kafkajs/src/loggers/index.js';
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
  import type { Lookup } from 'kafkajs/src/protocol/requests/index.js';

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: KafkaLogger; nodeId?: number | null });
    readonly connectionPool: ConnectionPool;
    /** By API key, what the broker serves; null until connected. */
    readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
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
