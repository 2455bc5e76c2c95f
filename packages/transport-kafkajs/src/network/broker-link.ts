import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TransportError } from '@millrace/streams';
import type { KafkaJsOptions } from '../options.ts';
import type { ClusterIdentity } from './cluster-identity.ts';
import { asTransportError } from './kafka-failure.ts';
import {
  apiKeys,
  Broker,
  type Call,
  Connection,
  ConnectionPool,
  type ConnectionSettings,
  type KafkaLogger,
  type RequestDefinition,
  requests,
  type SocketFactoryArguments,
} from './kafkajs-internals.ts';
import { quietened } from './quiet-queue.ts';

const keepAliveMs = 60_000;

/** A broker answers a connection's requests one after the other: what must not wait for a long poll has a connection of its own. */
const connections = ['requests', 'fetch', 'wait', 'fetch-uncommitted', 'wait-uncommitted', 'beats'] as const;
export type ConnectionName = (typeof connections)[number];

/** Connections to one broker, opened when they are first needed. */
export class BrokerLink {
  readonly address: string;
  readonly #broker: Broker;
  readonly #identity: ClusterIdentity;
  /** Connections, by their sockets, whose cluster is ours. */
  readonly #proven = new WeakSet<Socket>();
  #connecting: Promise<void> | null = null;
  /** Others than that of `requests`. */
  readonly #opening = new Map<number, Promise<Connection>>();
  /** Why it is closed for good. */
  #closed: TransportError | null = null;

  constructor(
    host: string,
    port: number,
    options: KafkaJsOptions,
    identity: ClusterIdentity,
    clientId: string,
    logger: KafkaLogger,
  ) {
    this.#identity = identity;
    this.address = `${host}:${port}`;
    const { ssl = false, sasl = null } = options;
    const settings: ConnectionSettings = {
      host,
      port,
      logger,
      clientId,
      ssl: ssl === true ? {} : ssl === false ? null : ssl,
      sasl,
      socketFactory: openSocket,
      connectionTimeout: options.connectionTimeoutMs ?? 5_000,
      requestTimeout: options.requestTimeoutMs ?? 30_000,
    };
    const connectionPool = new ConnectionPool(settings);
    while (connectionPool.pool.length < connections.length) connectionPool.pool.push(new Connection(settings));
    this.#broker = new Broker({ logger, connectionPool });
  }

  get connected(): boolean {
    return this.#broker.isConnected();
  }

  /** Opens the connection if it is not open. Throws a `TransportError` naming the address and what it said. */
  async connect(): Promise<void> {
    if (this.#closed !== null) throw this.#closed;
    if (this.#broker.isConnected()) return;
    this.#connecting ??= this.#broker.connect().finally(() => {
      this.#connecting = null;
    });
    try {
      await this.#connecting;
    } catch (error) {
      throw asTransportError(error, this.address);
    }
  }

  /**
   * Sends a request of KafkaJS' by name and returns its decoded answer, error codes still in it.
   * `adapt` may replace the version, the encoding or the decoding; it is told the newest version that the broker serves.
   */
  async send<Answer>(
    api: string,
    payload: object,
    adapt: (call: Call, served: number | undefined) => Call = (call) => call,
    over: ConnectionName = 'requests',
  ): Promise<Answer> {
    const { key, definition } = named(api);
    await this.connect();
    try {
      const connection = await this.#open(connections.indexOf(over));
      if (over === 'beats') together(connection);
      const call = this.#broker.lookupRequest(key, definition)(payload);
      const raw = { ...call, response: { ...call.response, parse: passOn }, logResponseError: false };
      // The decoder of the named request defines the shape; the caller names it.
      return (await connection.send(adapt(raw, this.#broker.versions?.[key]?.maxVersion))) as Answer;
    } catch (error) {
      const failure = asTransportError(error, this.address);
      // After a time-out, answers still on their way would only hold up the next ones.
      if (failure.code === 'unreachable' || failure.code === 'timeout' || failure.code === 'foreign-cluster')
        await this.drop(failure);
      throw failure;
    }
  }

  /** For good: what is in flight fails with the reason, and so does what is asked from now on. */
  async close(
    reason = new TransportError('closed', `${this.address}: closed here`, { retriable: false }),
  ): Promise<void> {
    this.#closed = reason;
    await this.drop(reason);
  }

  /** Drops the connections at once: what is in flight fails with the reason. The next request opens them anew. */
  async drop(reason: TransportError): Promise<void> {
    await Promise.all(
      this.#broker.connectionPool.pool.map(async (connection) => {
        connection.rejectRequests(reason);
        await connection.disconnect();
        connection.socket?.destroy();
      }),
    );
  }

  /** Two that open one at the same time share the attempt. */
  async #open(index: number): Promise<Connection> {
    const known = this.#broker.connectionPool.pool[index];
    if (known?.isConnected() && known.socket !== undefined && this.#proven.has(known.socket)) return quietened(known);
    const opening = this.#opening.get(index) ?? this.#openProven(index).finally(() => this.#opening.delete(index));
    this.#opening.set(index, opening);
    return quietened(await opening);
  }

  /** Nothing but the question for the cluster's id goes over a connection before it is answered: another broker may listen here by now. */
  async #openProven(index: number): Promise<Connection> {
    const connection = await this.#broker.connectionPool.getConnection(index);
    const { socket } = connection;
    const { key, definition } = named('Metadata');
    const call = this.#broker.lookupRequest(key, definition)({ topics: [] });
    const { apiVersion } = call.request;
    if (apiVersion >= clusterIdSince) {
      // No topics: KafkaJS writes an empty list as null, which means all of them.
      const body = Buffer.alloc(apiVersion >= autoCreationSince ? 5 : 4);
      const answer = await connection.send({
        ...call,
        request: { ...call.request, encode: async () => ({ buf: body, buffer: body }) },
        response: { ...call.response, parse: passOn },
        logResponseError: false,
      });
      this.#identity.check((answer as { readonly clusterId: string | null }).clusterId, this.address); // KafkaJS' decoder of Metadata
    }
    if (socket !== undefined) this.#proven.add(socket);
    return connection;
  }
}

function named(api: string): { readonly key: number; readonly definition: RequestDefinition } {
  const definition = requests[api];
  const key = apiKeys[api];
  if (definition === undefined || key === undefined) throw new Error(`KafkaJS has no request ${api}`);
  return { key, definition };
}

/** Versions of Metadata: from which on the answer names the cluster, the request says whether topics are made. */
const clusterIdSince = 2;
const autoCreationSince = 4;

const passOn = async (decoded: unknown): Promise<unknown> => decoded;

/** What is sent in this turn of the event loop goes out in one write. */
function together({ socket }: Connection): void {
  if (socket === undefined || socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** KafkaJS' own leaves Nagle's algorithm on: small requests would wait for acknowledgements. */
function openSocket({ host, port, ssl, onConnect }: SocketFactoryArguments): Socket {
  const socket =
    ssl === null
      ? connect({ host, port }, onConnect)
      : connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
}
