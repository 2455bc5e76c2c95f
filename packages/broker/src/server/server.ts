import type { Broker } from '../broker.ts';
import { Connection } from './connection.ts';
import type { Network } from './network.ts';

export interface Server {
  /** The port in use, chosen by the network when 0 was asked for. */
  readonly port: number;
  /** Takes no more connections and drops those there are. */
  close(): Promise<void>;
}

/** Serves the broker on a port of the network. Rejects with the system's error, EADDRINUSE for a taken port. */
export async function serve(broker: Broker, network: Network, host: string, port: number): Promise<Server> {
  const connections = new Set<Connection>();
  const listening = await network.listen(host, port, (stream, peer) => {
    const connection = new Connection(stream, peer, broker);
    connections.add(connection);
    stream.once('close', () => connections.delete(connection));
  });
  return {
    port: listening.port,
    async close() {
      const closed = listening.close();
      for (const connection of connections) connection.close();
      await closed;
    },
  };
}
