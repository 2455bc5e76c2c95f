import { createServer } from 'node:net';

/** How many ports after the wanted one are tried. */
const triedPorts = 50;

/** Whether nobody listens there. Binding is the only honest question. */
export function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => answer(true)));
  });
}

/**
 * The wanted port, or the next free one after it that is not in `taken`; 0 lets the system choose.
 * Throws when none of the next 50 is free.
 */
export async function freePort(
  wanted: number,
  host: string,
  taken: ReadonlySet<number> = new Set(),
  flag = '--port',
): Promise<number> {
  if (wanted === 0) return anyPort(host);
  for (let port = wanted; port < Math.min(wanted + triedPorts, 65_536); port += 1) {
    if (!taken.has(port) && (await isFree(port, host))) return port;
  }
  throw new Error(
    `None of the ports ${wanted} to ${wanted + triedPorts - 1} is free; choose another with ${flag}, or 0 for any`,
  );
}

function anyPort(host: string): Promise<number> {
  return new Promise((answer, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen({ port: 0, host }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => answer(port));
    });
  });
}
