import { createServer } from 'node:net';
import type { Broker } from '../broker.ts';
import { Connection } from './connection.ts';

export interface Listener {
  /** The port in use, chosen by the system when 0 was asked for. */
  readonly port: number;
  /** Takes no more connections and drops those there are. */
  close(): Promise<void>;
}

/** Serves the broker on a TCP port. Rejects with the system's error, EADDRINUSE for a taken port. */
export function listen(broker: Broker, host: string, port: number): Promise<Listener> {
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, broker);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', (error) => broker.log('error', `the listener failed: ${error.message}`));
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const connection of connections) connection.close();
          }),
      });
    });
  });
}
