import { expect, type Locator, type Page, test } from '@playwright/test';
import { Kafka, logLevel } from 'kafkajs';
import { api, deploy, millraceUrl, tableRows } from '../millrace/api.ts';
import { freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument, lastSeenDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';
import { brokers, failuresPerWindow, loginEvents, produce, send } from '../millrace/events.ts';

const table = 'failures-by-ip';

const number = (text: string): number => Number(/[\d,.]+/.exec(text)?.[0].replaceAll(',', '') ?? Number.NaN);

/** The body rows of a table; its head has no cells. */
const bodyRows = (page: Page, name: string): Locator =>
  page
    .getByRole('table', { name, exact: true })
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });

/** A column of a table's rows, by the name at its head. */
async function cells(page: Page, name: string, head: string): Promise<string[]> {
  const heads = await page.getByRole('table', { name, exact: true }).getByRole('columnheader').allInnerTexts();
  const column = heads.findIndex((each) => each.trim() === head);
  expect(column, `${head} among ${heads.join(', ')}`).toBeGreaterThanOrEqual(0);
  return bodyRows(page, name).evaluateAll(
    (rows, at) => rows.map((row) => row.querySelectorAll('td')[at]?.textContent ?? ''),
    column,
  );
}

/** Opens a topic, and waits until what was there before is read and what comes is followed. */
async function openTail(page: Page, topic: string): Promise<void> {
  const before = page.waitForResponse((response) => response.url().includes(`/topics/${topic}/records?`));
  await page.goto(`${millraceUrl()}/topics/${topic}`);
  await before;
  await expect(page.getByRole('banner').getByText(/^Live\b/)).toBeVisible();
}

test('sample data is started and stopped from the dashboard, and canvas and Live tab show it flow', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const app = freshName('watched');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const editor = await Editor.open(page, app);
  const panel = await editor.tab('Live');

  await panel.getByRole('combobox', { name: 'Events' }).click();
  await page.getByRole('option', { name: /^Login attempts/ }).click();
  const rate = panel.getByRole('textbox', { name: 'Rate', exact: true });
  await rate.fill('300');
  await rate.press('Enter');
  const skew = panel.getByRole('textbox', { name: 'Skew' });
  await skew.fill('1.5');
  await skew.press('Enter');
  await panel.getByRole('button', { name: 'Start sample data' }).click();
  await expect(panel.getByText(/^[1-9][\d,]* sent$/)).toBeVisible();

  await test.step('on the canvas: what comes in, what is dropped, and how busy the agent is', async () => {
    const agent = editor.node('agent', 'count-failures');
    await expect(agent.getByText(/^[1-9][\d,.]* dropped$/)).toBeVisible();
    await expect(agent.getByText(/^[1-9][\d,.]*k? \/s$/).first()).toBeVisible();
    await expect(agent.getByText(/^busy \d+ %$/)).toBeVisible();
    await expect(agent.getByText(/^backpressured \d+ %$/)).toBeVisible();
    await expect(editor.canvas.getByText(/^(OK|LOW|HIGH) \d+ %$/)).toBeVisible();
    await expect(editor.canvas.getByText(/^lag [\d,]+$/).first()).toBeVisible();
  });

  await test.step('in the Live tab: each partition’s offsets and its lag', async () => {
    await expect(bodyRows(page, 'Partitions').filter({ hasText: topic })).toHaveCount(4);
    await expect
      .poll(async () => Math.min(...(await cells(page, 'Partitions', 'Committed')).map(number)))
      .toBeGreaterThan(0);
    const [committed, read, end, lag] = await Promise.all(
      ['Committed', 'Read', 'End offset', 'Lag'].map(async (head) =>
        (await cells(page, 'Partitions', head)).map(number),
      ),
    );
    for (const figures of [committed, read, end, lag])
      for (const figure of figures ?? []) expect(figure).toBeGreaterThanOrEqual(0);
    for (const [at, offset] of committed?.entries() ?? []) expect(offset).toBeLessThanOrEqual(end?.[at] ?? -1);
  });

  await panel.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(panel.getByText(/ sent$/)).toHaveCount(0);
  await expect(panel.getByRole('button', { name: 'Start sample data' })).toBeVisible();
  await stopApp(app);
});

test('a live table ticks, finds a key, shows one window, the latest or all open, and leads to a key’s history and records', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const app = freshName('ticking');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const startMs = Math.floor(Date.now() / 5_000) * 5_000 - 120_000;
  const events = loginEvents(3_000, startMs);
  const counts = (sent: typeof events) => failuresPerWindow(sent, 10_000, 5_000);
  const count = (sent: typeof events, ip: string, windowMs: number) => counts(sent).get(`${ip}@${windowMs}`) ?? 0;
  await produce(topic, events.slice(0, 1_000));

  const windowMs = startMs + 5_000;
  await page.goto(`${millraceUrl()}/apps/${app}/tables/${table}?show=window&at=${windowMs}`);
  const rows = bodyRows(page, `Rows of ${table}`);
  const ip = '203.0.113.0';
  const row = rows.filter({ has: page.getByRole('cell', { name: ip, exact: true }) });
  const attempts = () => row.getByRole('cell').nth(2);

  await test.step('a row’s count changes in place as events come', async () => {
    const [before, after] = [count(events.slice(0, 1_000), ip, windowMs), count(events, ip, windowMs)];
    expect(after).toBeGreaterThan(before);
    await expect(attempts()).toHaveText(String(before), { timeout: 60_000 });
    await produce(topic, events.slice(1_000));
    await expect(attempts()).toHaveText(String(after), { timeout: 60_000 });
  });

  await test.step('a key is found', async () => {
    await page.getByRole('textbox', { name: 'Find a key' }).fill('203.0.113.1');
    const found = Object.keys(Object.fromEntries(counts(events)))
      .filter((key) => key.endsWith(`@${windowMs}`) && key.startsWith('203.0.113.1'))
      .map((key) => key.split('@')[0]);
    expect(found.length).toBeGreaterThan(1);
    await expect(rows).toHaveCount(found.length);
    await page.getByRole('textbox', { name: 'Find a key' }).fill('');
  });

  await test.step('one window, the latest of each key, all that are open', async () => {
    const modes = page.getByRole('radiogroup', { name: 'Windows' });
    await modes.getByRole('radio', { name: 'Latest per key' }).click();
    const keys = new Set([...counts(events).keys()].map((key) => key.split('@')[0]));
    await expect(rows).toHaveCount(keys.size);
    await modes.getByRole('radio', { name: 'All open' }).click();
    await expect(page.getByText(`${counts(events).size} rows`, { exact: true })).toBeVisible();
    await modes.getByRole('radio', { name: 'One window' }).click();
    await expect(row).toHaveCount(1);
  });

  await test.step('a row opens its key: window by window, and the records behind the count', async () => {
    await page.goto(`${millraceUrl()}/apps/${app}/tables/${table}?show=window&at=${windowMs}`);
    await row.click();
    const panel = page.getByRole('complementary', { name: `Key ${ip}` });
    await expect(panel.getByRole('slider', { name: 'attempts by window' })).toBeVisible();
    const made = count(events, ip, windowMs);
    await expect(panel.getByRole('heading', { name: `The ${made} records behind this count` })).toBeVisible();
    await expect(bodyRows(page, 'Records')).toHaveCount(Math.min(50, made));
  });
  await stopApp(app);
});

test('a page handles 100 000 keys: it counts them, finds one, and gets to the last', async ({ page }) => {
  test.setTimeout(240_000);
  const app = freshName('many');
  const topic = `${app}-things`;
  await deploy(lastSeenDocument(app, topic));
  const key = (at: number) => `thing-${String(at).padStart(6, '0')}`;
  await send(
    topic,
    Array.from({ length: 100_000 }, (_, at) => ({ key: key(at), value: JSON.stringify({ seen: at }) })),
    undefined,
    5_000,
  );
  await page.goto(`${millraceUrl()}/apps/${app}/tables/last-seen?sort=key&dir=asc`);
  await expect(page.getByText('100,000 rows', { exact: true })).toBeVisible({ timeout: 120_000 });
  const rows = bodyRows(page, 'Rows of last-seen');
  await expect(rows).toHaveCount(100);
  await expect(rows.first()).toContainText(key(0));

  await page.getByRole('button', { name: 'Last page' }).click();
  await expect(page.getByText('99,901–100,000 of 100,000')).toBeVisible();
  await expect(rows.last()).toContainText(key(99_999));

  await page.getByRole('textbox', { name: 'Find a key' }).fill(key(77_777));
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText(key(77_777));
  await expect(rows.first()).toContainText('77,777');
  await stopApp(app);
});

test('a topic’s tail is live, counts what comes while it is paused, and goes on', async ({ page }) => {
  test.setTimeout(120_000);
  const app = freshName('tailed');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const events = loginEvents(60, Date.now() - 60_000);
  await openTail(page, topic);
  const rows = bodyRows(page, `Records of ${topic}`);
  await produce(topic, events.slice(0, 10));
  await expect(rows).toHaveCount(10);

  await page.getByRole('button', { name: 'Pause' }).click();
  await produce(topic, events.slice(10));
  await expect(page.getByRole('button', { name: 'Resume, 50 new' })).toBeVisible();
  await expect(rows).toHaveCount(10);
  await page.getByRole('button', { name: 'Resume, 50 new' }).click();
  await expect(rows).toHaveCount(60);
  await stopApp(app);
});

test('a record that does not decode is shown with its offset and reason, counted, kept as a dead letter, and the rest goes on', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const app = freshName('undecoded');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const before = loginEvents(200, Date.now() - 60_000);
  await produce(topic, before);
  await openTail(page, topic);
  await send(topic, [{ key: 'spoiled', value: 'this is no JSON', partition: 2 }]);
  const spoiled = bodyRows(page, `Records of ${topic}`).filter({ hasText: 'spoiled' });
  await expect(spoiled).toContainText(/Not decoded: \S+/); // In a burst the tail may pass over it, and says so.
  const after = loginEvents(200, Date.now() - 50_000);
  await produce(topic, after);

  const admin = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  const end = Number(ends.find(({ partition }) => partition === 2)?.offset);

  await test.step('in the tail, with its offset and the reason', async () => {
    const cells = spoiled.getByRole('cell');
    await expect(cells.nth(0)).toHaveText('2');
    const offset = number(await cells.nth(1).innerText());
    expect(offset).toBeLessThan(end);
    await page.goto(`${millraceUrl()}/dead-letters?app=${app}`);
    const letter = bodyRows(page, 'Dead letters');
    await expect(letter).toHaveCount(1);
    await expect(letter).toContainText(`${topic} 2 @ ${offset}`);
    await letter.click();
    await expect(page.getByRole('complementary', { name: 'Dead letter' })).toContainText('this is no JSON');
  });

  await test.step('it is counted, and in the dead letter topic of Kafka', async () => {
    const { apps } = await api<{ apps: { app: string; deadLetters: number }[] }>('GET', '/engine');
    expect(apps.find((each) => each.app === app)?.deadLetters).toBe(1);
    const kept = await admin.fetchTopicOffsets(`${app}-dead-letters`);
    expect(kept.reduce((sum, { offset }) => sum + Number(offset), 0)).toBe(1);
    await admin.disconnect();
  });

  await test.step('every other record is counted', async () => {
    const oracle = failuresPerWindow([...before, ...after], 10_000, 5_000);
    const counted = async () => {
      const { rows } = await tableRows(app, table);
      return new Map(rows.map((row) => [`${row.key}@${row.windowStartMs}`, Number(row.value['attempts'])]));
    };
    await expect
      .poll(async () => Object.fromEntries(await counted()), { timeout: 60_000 })
      .toEqual(Object.fromEntries(oracle));
  });
  await stopApp(app);
});
