import { type Duplex, duplexPair } from 'node:stream';
import type { Accept, Network } from './network.ts';

/** A network inside the process, without sockets: what a broker listens on, a test connects to. */
export class MemoryNetwork implements Network {
  readonly #listeners = new Map<number, Accept>();
  #nextPort = 1;

  async listen(_host: string, port: number, accept: Accept) {
    const taken = port === 0 ? this.#nextPort++ : port;
    if (this.#listeners.has(taken)) {
      throw Object.assign(new Error(`port ${taken} is taken`), { code: 'EADDRINUSE' });
    }
    this.#listeners.set(taken, accept);
    return {
      port: taken,
      close: async () => {
        this.#listeners.delete(taken);
      },
    };
  }

  /** The client's end of a new connection. Throws where nobody listens. */
  connect(port: number): Duplex {
    const accept = this.#listeners.get(port);
    if (accept === undefined) throw new Error(`nobody listens on port ${port}`);
    const [client, server] = duplexPair();
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    accept(server, 'memory');
    return client;
  }
}
