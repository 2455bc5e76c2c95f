import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { api, deploy, millraceUrl, tableRows } from '../millrace/api.ts';
import { freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument, lastSeenDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';
import { send } from '../millrace/events.ts';
import { projectRoot } from '../millrace/millrace.ts';

test.use({ reducedMotion: 'reduce' });

const seen = (from: number, count: number, value: (at: number) => object = (at) => ({ seen: at })) =>
  Array.from({ length: count }, (_, at) => ({ key: `k${(from + at) % 40}`, value: JSON.stringify(value(from + at)) }));

test('a topic that is not there is said to be not there, at once', async ({ page }) => {
  await page.goto(`${millraceUrl()}/topics/nope-${Date.now()}`);
  await expect(page.getByText(/^There is no topic nope-/)).toBeVisible({ timeout: 5_000 });
  await expect(page.getByText('Waiting for the engine')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Send record' })).toBeDisabled();
});

test('an address that leads nowhere, and a table of an app that is not there, are said with a way on', async ({
  page,
}) => {
  await page.goto(`${millraceUrl()}/nowhere`);
  await expect(page.getByRole('heading', { name: 'There is no page at this address' })).toBeVisible();
  await page.getByRole('link', { name: 'All apps', exact: true }).click();
  await expect(page).toHaveURL(`${millraceUrl()}/`);
  await page.goto(`${millraceUrl()}/apps/nope/tables/counts`);
  await expect(page.getByRole('heading', { name: 'There is no app nope' })).toBeVisible();
  await expect(page.getByRole('main').getByRole('table')).toHaveCount(0);
});

test('a search that has found nothing says how far it came, and goes on until it has looked at everything', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const app = freshName('search');
  const topic = `${app}-things`;
  await deploy(lastSeenDocument(app, topic));
  await send(topic, seen(0, 120_000), undefined, 5_000);
  await page.goto(
    `${millraceUrl()}/topics/${topic}?${new URLSearchParams({ from: 'newest', partition: '0', where: 'value.seen < 0' })}`,
  );
  await expect(
    page.getByText(/^None of the [\d,]+ records looked at so far/).or(page.getByText('No record here')),
  ).toBeVisible();
  await expect(page.getByText('No record here')).toBeVisible({ timeout: 60_000 });
  await page.goto(
    `${millraceUrl()}/topics/${topic}?${new URLSearchParams({ from: 'newest', where: 'value.seen < 3' })}`,
  );
  await expect(page.getByRole('table', { name: `Records of ${topic}` }).getByRole('row')).toHaveCount(4, {
    timeout: 60_000,
  });
  await stopApp(app);
});

test('a large record is listed in part, and shown whole when that is asked for', async ({ page }) => {
  const app = freshName('large');
  const topic = `${app}-things`;
  await deploy(lastSeenDocument(app, topic));
  await send(
    topic,
    seen(0, 30, (at) => ({ seen: at, text: `${'x'.repeat(200_000)}end-${at}` })),
    undefined,
    3,
  );
  const listed = await (await fetch(`${millraceUrl()}/api/v1/topics/${topic}/records?limit=30`)).text();
  expect(listed.length).toBeLessThan(200_000);
  await page.goto(`${millraceUrl()}/topics/${topic}?from=newest`);
  await page
    .getByRole('table', { name: `Records of ${topic}` })
    .getByRole('row')
    .nth(1)
    .click();
  const panel = page.getByRole('complementary', { name: /^Partition/ });
  await expect(panel.getByText('Shown in part.')).toBeVisible();
  await expect(panel).not.toContainText('end-29');
  await panel.getByRole('button', { name: /^Read all/ }).click();
  await expect(panel).toContainText(/end-\d+/);
  await stopApp(app);
});

test('times in another unit are said at the topic and at the agent, with the fix, and lead to where they are listed', async ({
  page,
}) => {
  const app = freshName('seconds');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const ts = Math.floor(Date.now() / 1_000);
  await send(topic, [{ key: 'k', value: JSON.stringify({ ip: '10.0.0.1', user: 'u', ok: false, ts }) }]);
  await page.goto(`${millraceUrl()}/apps/${app}`);
  const words = /lies in 1970: ts seems to be in seconds, as .*Let the model say ts: timestamp\(s\)/;
  const at = (node: string) =>
    page.getByRole('group', { name: node, exact: true }).getByRole('button', { name: words });
  await expect(at('agent count-failures')).toBeVisible();
  await at(`topic ${topic}`).click();
  await expect(page.getByRole('table', { name: 'Worth knowing' }).getByText(words)).toBeVisible();
  await stopApp(app);
});

test('a paused table counts what is new; a topic that exists is not called created', async ({ page }) => {
  const app = freshName('paused');
  const topic = `${app}-things`;
  await deploy(lastSeenDocument(app, topic));
  await send(topic, seen(0, 40));
  await expect.poll(async () => (await tableRows(app, 'last-seen')).rows.length).toBe(40);
  await page.goto(`${millraceUrl()}/apps/${app}/tables/last-seen`);
  await expect(page.getByText('40 rows', { exact: true })).toBeVisible();
  await page.keyboard.press('p');
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await send(topic, seen(40, 25));
  await expect(page.getByRole('button', { name: 'Resume, 25 new' })).toBeVisible();

  const other = freshName('reader');
  await api('POST', '/apps', { text: lastSeenDocument(other, topic) });
  const plan = await (await Editor.open(page, other)).plan();
  const row = plan.getByRole('row').filter({ hasText: 'in Kafka already, used as it is' });
  await expect(row).toContainText(topic);
  await expect(row).toContainText(`also used by ${app}`);
  await expect(row).not.toContainText('Created');
  await stopApp(app);
});

test('apply says that an app failed which was taken over and failed at its first record', async () => {
  const app = freshName('fails');
  const topic = `${app}-things`;
  const text = lastSeenDocument(app, topic).replace(
    'value: { seen: long } }',
    'value: { seen: long }, onDecodeError: stop }',
  );
  await deploy(lastSeenDocument(`${app}-maker`, topic));
  await send(topic, [{ key: 'k', value: 'no JSON' }]);
  const said = await new Promise<string>((done) => {
    const child = execFile(
      process.execPath,
      [join(projectRoot, 'apps/cli/bin/millrace.mjs'), 'apply', '-'],
      { env: { ...process.env, MILLRACE_URL: millraceUrl() } },
      (error, _out, err) => done(`${error?.code ?? 0} ${err}`),
    );
    child.stdin?.end(text);
  });
  expect(said).toMatch(new RegExp(`^1 ${app} v1 (was taken over, started and failed|did not start)`));
  await stopApp(app);
  await stopApp(`${app}-maker`);
});
