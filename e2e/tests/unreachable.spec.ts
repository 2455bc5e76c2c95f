import { expect, test } from '@playwright/test';
import { api, dataDir, deploy, millraceUrl, tableRows } from '../millrace/api.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { loginEvents, produce } from '../millrace/events.ts';
import { pidOf } from '../millrace/millrace.ts';

interface Health {
  readonly health: readonly { readonly id: string; readonly ok: boolean; readonly message: string }[];
}

const healthOf = async (id: string) => (await api<Health>('GET', '/engine')).health.find((each) => each.id === id);

test.skip(process.env['KAFKA_BROKERS'] !== undefined, 'stops the embedded broker');

test('a silent broker is said in words, the draft can still be edited, and all goes on by itself when it answers again', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const app = `silent-${Date.now()}`;
  await deploy(failuresDocument(app, `${app}-logins`));
  await page.goto(`${millraceUrl()}/apps/${app}`);
  await expect(page.getByText('Running').first()).toBeVisible();

  const broker = pidOf(dataDir(), 'broker');
  process.kill(broker, 'SIGSTOP');
  try {
    await expect(page.getByText('Kafka does not answer')).toBeVisible({ timeout: 60_000 });
    const health = await healthOf('health:kafka');
    expect(health?.ok).toBe(false);
    expect(health?.message).toMatch(/127\.0\.0\.1:\d+/);
  } finally {
    process.kill(broker, 'SIGCONT');
  }

  await expect(page.getByText('Kafka does not answer')).toBeHidden({ timeout: 60_000 });
  await produce(`${app}-logins`, loginEvents(1_000, Date.now() - 60_000));
  await expect
    .poll(async () => (await tableRows(app, 'failures-by-ip')).rows.length, { timeout: 60_000 })
    .toBeGreaterThan(0);
  await api('POST', `/apps/${app}/desired`, { desired: 'stopped' });
});

test('a Postgres that dies is said in words, started again, and what runs goes on meanwhile', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto(millraceUrl());
  const postgres = pidOf(dataDir(), 'postgres');
  process.kill(postgres, 'SIGKILL');
  await expect
    .poll(async () => (await fetch(`${millraceUrl()}/api/v1/apps`)).status, {
      timeout: 60_000,
      message: 'apps are listed again',
    })
    .toBe(200);
  await expect.poll(async () => (await healthOf('health:postgres'))?.ok, { timeout: 60_000 }).toBe(true);
});
