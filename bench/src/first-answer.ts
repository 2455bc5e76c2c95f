import { connect } from 'node:net';

/** How often a port that does not answer yet is tried. */
const retryMs = 2;
/** ApiVersions (18), version 0, correlation id 1, client `bench`; its length in front. */
const apiVersionsRequest = Buffer.from('0000000f0012000000000001000562656e6368', 'hex');

/** Resolves once a Kafka broker on this port of loopback has answered a request; tries until then. */
export async function untilAnswered(port: number): Promise<void> {
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, retryMs));
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(apiVersionsRequest));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
