import { createServer } from 'node:net';
import { type LogLine, reasonOf } from '../log-line.ts';
import type { Network } from './network.ts';

/** The machine's own network. What fails while it listens is told to `log`. */
export function tcpNetwork(log: LogLine): Network {
  return {
    listen(host, port, accept) {
      const server = createServer((socket) => {
        socket.setNoDelay(true);
        accept(socket, socket.remoteAddress ?? 'unknown');
      });
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          server.on('error', (error) => log('error', `the listener failed: ${reasonOf(error)}`));
          const address = server.address();
          resolve({
            port: typeof address === 'object' && address !== null ? address.port : port,
            close: () => new Promise((closed) => void server.close(() => closed())),
          });
        });
      });
    },
  };
}
