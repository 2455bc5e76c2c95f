import type { Duplex } from 'node:stream';

/** Where connections come from, handed in so that tests own it. */
export interface Network {
  /**
   * Calls `accept` with each connection to `host` and `port` (0 for a free one) and the name of who is at its other end.
   * Rejects with the system's error, EADDRINUSE for a port that is taken.
   */
  listen(host: string, port: number, accept: Accept): Promise<Listening>;
}

export type Accept = (stream: Duplex, peer: string) => void;

export interface Listening {
  /** The port in use, chosen by the network when 0 was asked for. */
  readonly port: number;
  /** Takes no more connections; resolves once the last of those there are has closed. */
  close(): Promise<void>;
}
