import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { TransportError } from '@millrace/streams';
import type { SocketFactoryArguments } from 'kafkajs/src/network/connectionPool.js';
import type { KafkaJsOptions } from '../options.ts';
import { asTransportError } from './kafka-failure.ts';
import { apiKeys, Broker, type Call, ConnectionPool, type KafkaLogger, requests } from './kafkajs-internals.ts';

const keepAliveMs = 60_000;
const fetchConnection = 1;

/** Connections to one broker: one for fetches, whose answers are long polls, and one for everything else. */
export class BrokerLink {
  readonly address: string;
  readonly #broker: Broker;
  #connecting: Promise<void> | null = null;
  #connectingFetch: Promise<void> | null = null;
  #closed = false;

  constructor(host: string, port: number, options: KafkaJsOptions, clientId: string, logger: KafkaLogger) {
    this.address = `${host}:${port}`;
    const { ssl = false, sasl = null } = options;
    this.#broker = new Broker({
      logger,
      connectionPool: new ConnectionPool({
        host,
        port,
        logger,
        clientId,
        ssl: ssl === true ? {} : ssl === false ? null : ssl,
        sasl,
        socketFactory: openSocket,
        connectionTimeout: options.connectionTimeoutMs ?? 5_000,
        requestTimeout: options.requestTimeoutMs ?? 30_000,
      }),
    });
  }

  get connected(): boolean {
    return this.#broker.isConnected();
  }

  /** Opens the connection if it is not open. Throws a `TransportError` naming the address and what it said. */
  async connect(): Promise<void> {
    if (this.#closed) throw new TransportError('closed', `${this.address}: closed here`, { retriable: false });
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
   * `adapt` may replace the encoding or the decoding.
   */
  async send<Answer>(api: string, payload: object, adapt: (call: Call) => Call = (call) => call): Promise<Answer> {
    const definition = requests[api];
    const key = apiKeys[api];
    if (definition === undefined || key === undefined) throw new Error(`KafkaJS has no request ${api}`);
    await this.connect();
    try {
      if (api === 'Fetch') await this.#connectFetch();
      const call = this.#broker.lookupRequest(key, definition)(payload);
      const raw = { ...call, response: { ...call.response, parse: passOn }, logResponseError: false };
      // The decoder of the named request defines the shape; the caller names it.
      return (await this.#broker.connectionPool.send(adapt(raw))) as Answer;
    } catch (error) {
      const failure = asTransportError(error, this.address);
      // After a time-out, answers still on their way would only hold up the next ones.
      if (failure.code === 'unreachable' || failure.code === 'timeout') await this.drop(failure);
      throw failure;
    }
  }

  /** For good. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.drop(new TransportError('closed', `${this.address}: closed here`, { retriable: false }));
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

  async #connectFetch(): Promise<void> {
    if (this.#broker.connectionPool.pool[fetchConnection]?.isConnected()) return;
    this.#connectingFetch ??= this.#broker.connectionPool.getConnection(fetchConnection).then(
      () => {
        this.#connectingFetch = null;
      },
      (error: unknown) => {
        this.#connectingFetch = null;
        throw error;
      },
    );
    await this.#connectingFetch;
  }
}

const passOn = async (decoded: unknown): Promise<unknown> => decoded;

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
