import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Ready, Service } from './service.ts';
import { readyInJson, readyInWords } from './services.ts';

vi.setConfig({ testTimeout: 30_000 });

/** A process that says where it serves, and its address with a password in it. */
const program = `
  const port = Number(process.env.AT);
  console.log('hello');
  console.log(JSON.stringify({ ready: true, port, url: 'postgresql://user:secret@127.0.0.1:' + port }));
  setInterval(() => undefined, 1000);
`;

function service(ports: number[], arrivals: Ready[], said: string[] = []): { service: Service; log: string } {
  const log = join(mkdtempSync(join(tmpdir(), 'millrace-service-')), 'it.log');
  let port = 0;
  const made = new Service(
    {
      name: 'it',
      prepare: async () => {
        port = ports.shift() ?? port;
      },
      args: () => ['-e', program],
      env: () => ({ AT: String(port) }),
      logFile: log,
      readyIn: readyInJson,
      readyWithinMs: 20_000,
      stopWithinMs: 5_000,
    },
    (line) => said.push(line),
    () => undefined,
    (ready) => arrivals.push(ready),
  );
  onTestFinished(() => made.stop());
  return { service: made, log };
}

test('[X2] a process that dies is started again at the port that is free by then, and says so itself', async () => {
  const arrivals: Ready[] = [];
  const { service: it } = service([5_001, 5_002], arrivals);
  await it.start();
  expect(arrivals).toMatchObject([{ port: 5_001 }]);
  process.kill(it.pid ?? 0, 'SIGKILL');
  await vi.waitFor(() => expect(arrivals).toMatchObject([{ port: 5_001 }, { port: 5_002 }]), { timeout: 20_000 });
});

test('[X2] one that is asked to start anew does, at once, and is let live', async () => {
  const arrivals: Ready[] = [];
  const said: string[] = [];
  const { service: it } = service([5_001, 5_002], arrivals, said);
  await it.start();
  it.restart('the broker has moved');
  await vi.waitFor(() => expect(arrivals).toHaveLength(2), { timeout: 20_000 });
  expect(said[0]).toBe('it is started again: the broker has moved');
  expect(it.state).toBe('ready');
});

test('[X3] the address by which a process says that it serves holds a password, and goes into no log', async () => {
  const { service: it, log } = service([5_001], []);
  await it.start();
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('hello'));
  expect(readFileSync(log, 'utf8')).not.toContain('secret');
});

test('[X2] the broker says where it serves, and its cluster, in words', () => {
  expect(readyInWords('listening on 127.0.0.1:9092, cluster abc, data in /a b/c')).toEqual({
    port: 9092,
    clusterId: 'abc',
  });
  expect(readyInWords('listening on 127.0.0.1:9092, data in ./x')).toBeUndefined();
});
