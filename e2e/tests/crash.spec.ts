import { expect, test } from '@playwright/test';
import { api, dataDir, deploy, tableRows } from '../millrace/api.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { failuresPerWindow, loginEvents, produce } from '../millrace/events.ts';
import { pidOf } from '../millrace/millrace.ts';

interface Engine {
  readonly engine: { readonly workers: readonly { readonly pid: number; readonly state: string }[] };
}

const workers = async () =>
  (await api<Engine>('GET', '/engine')).engine.workers.filter((worker) => worker.state === 'running');

test('a worker and then the engine are killed in mid-stream, and the windowed counts contain every event @kafka', async () => {
  const app = `crash-${Date.now()}`;
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const events = loginEvents(20_000, Math.floor(Date.now() / 1000) * 1000 - 300_000);

  await produce(topic, events, async (sent) => {
    if (sent === 6_000) {
      const [worker] = await workers();
      expect(worker, 'a worker runs').toBeDefined();
      process.kill(worker?.pid ?? 0, 'SIGKILL');
    }
    if (sent === 13_000) process.kill(pidOf(dataDir(), 'engine'), 'SIGKILL');
  });

  const oracle = failuresPerWindow(events, 10_000, 5_000);
  // At least once: no event is missing; one that was in flight at a kill may count twice.
  const missing = async () => {
    const response = await tableRows(app, 'failures-by-ip').catch(() => ({ rows: [], missing: [0] }));
    if (response.missing.length > 0) return Number.POSITIVE_INFINITY;
    const rows = new Map(
      response.rows.map((row) => [`${row.key}@${row.windowStartMs}`, Number(row.value['attempts'])]),
    );
    return [...oracle].filter(([key, count]) => (rows.get(key) ?? 0) < count).length;
  };
  await expect.poll(missing, { timeout: 90_000, message: 'windows that lack events' }).toBe(0);
  const { rows } = await tableRows(app, 'failures-by-ip');
  expect(new Set(rows.map((row) => `${row.key}@${row.windowStartMs}`))).toEqual(new Set(oracle.keys()));
  await api('POST', `/apps/${app}/desired`, { desired: 'stopped' });
});
