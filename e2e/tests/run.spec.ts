import { expect, type Locator, type Page, test } from '@playwright/test';
import { api, millraceUrl, tableRows } from '../millrace/api.ts';
import { appDetail, freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';
import { failuresPerWindow, type LoginEvent, loginEvents, produce } from '../millrace/events.ts';

const table = 'failures-by-ip';
const sizeMs = 10_000;
const everyMs = 5_000;
const recently = () => Math.floor(Date.now() / everyMs) * everyMs - 300_000;

interface Engine {
  readonly engine: { readonly workers: readonly { readonly pid: number }[] };
}

const workerPids = async () => (await api<Engine>('GET', '/engine')).engine.workers.map(({ pid }) => pid);

const sorted = (counts: Iterable<readonly [string, number]>) =>
  Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));

const counted = async (app: string) => {
  const { rows } = await tableRows(app, table);
  return sorted(rows.map((row) => [`${row.key}@${row.windowStartMs}`, Number(row.value['attempts'])] as const));
};

const oracle = (events: readonly LoginEvent[]) => sorted(failuresPerWindow(events, sizeMs, everyMs));

/** Waits until the table is what the events make of it: no event less, none twice. */
const becomes = (app: string, events: readonly LoginEvent[]) =>
  expect.poll(() => counted(app), { timeout: 60_000, message: 'the table' }).toEqual(oracle(events));

/** The counts of one window as the page shows them, by key. */
async function shownCounts(page: Page, app: string, windowMs: number): Promise<Record<string, number>> {
  await page.goto(`${millraceUrl()}/apps/${app}/tables/${table}?show=window&at=${windowMs}&sort=key&dir=asc`);
  const shown = page.getByRole('table', { name: `Rows of ${table}` });
  await expect(
    shown
      .getByRole('row')
      .filter({ hasText: /\d+\.\d+\.\d+\.\d+/ })
      .first(),
  ).toBeVisible();
  const [heads = [], ...rows] = await textsOf(shown);
  const column = heads.findIndex((head) => head.startsWith('attempts'));
  return Object.fromEntries(rows.map((cells) => [cells[0] ?? '', Number(cells[column])]));
}

/** What a table shows, cell by cell, heads included: in one look, while rows come and go. */
const textsOf = (table: Locator): Promise<string[][]> =>
  table
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll<HTMLElement>('th, td, [role=columnheader], [role=cell]')].map((cell) =>
          cell.innerText.trim(),
        ),
      ),
    );

/** How many records of the topic the Live tab says are not yet read. */
async function shownLag(editor: Editor, topic: string): Promise<number> {
  const partitions = editor.page.getByRole('tabpanel').getByRole('table', { name: 'Partitions' });
  const rows = (await textsOf(partitions)).filter((cells) => cells.some((cell) => cell.includes(topic)));
  return rows.reduce((sum, cells) => sum + Number(cells[5]?.replaceAll(',', '')), 0);
}

test('an app is deployed, changed while it runs, paused, resumed, rolled back and stopped, and every count is exact @kafka', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const app = freshName('run');
  const topic = `${app}-logins`;
  await api('POST', '/apps', { text: failuresDocument(app, topic) });
  const editor = await Editor.open(page, app);

  await test.step('the plan of the first version names what is new and the topics to create', async () => {
    const plan = await editor.plan();
    await expect(plan.getByRole('definition').filter({ hasText: /^Starts/ })).toBeVisible();
    for (const name of [topic, `${app}-${table}-changelog`])
      await expect(plan.getByTitle(new RegExp(`${name}, 4 partitions`))).toBeVisible();
    for (const element of [topic, 'LoginAttempt', 'count-failures', table])
      await expect(plan.getByRole('row').filter({ hasText: element }).first()).toContainText('Created');
    await editor.deploy(plan);
    await expect(editor.status('Running v1')).toBeVisible();
  });

  const first = loginEvents(2_000, recently());
  await test.step('events sent through Kafka are counted as the oracle counts them, in the API and on the page', async () => {
    await produce(topic, first);
    await becomes(app, first);
    const windowMs = recently() + everyMs;
    const window = [...failuresPerWindow(first, sizeMs, everyMs)].flatMap(([key, count]) => {
      const [ip = '', start] = key.split('@');
      return start === String(windowMs) ? [[ip, count] as const] : [];
    });
    expect(window.length).toBeGreaterThan(5);
    await expect.poll(() => shownCounts(page, app, windowMs)).toEqual(Object.fromEntries(window));
  });

  const second = loginEvents(2_000, recently());
  const others = second.filter(({ user }) => user !== 'user-1');
  await test.step('a changed filter is swapped in without a pause, and the state is kept', async () => {
    const before = await workerPids();
    await Editor.open(page, app);
    const form = await editor.select('agent', 'count-failures');
    await editor.express(form, 'Condition', `!value.ok && value.user != 'user-1'`);
    const plan = await editor.plan();
    await expect(plan.getByRole('definition').filter({ hasText: /^None$/ })).toBeVisible();
    await expect(plan.getByRole('definition').filter({ hasText: /^Swapped/ })).toBeVisible();
    await expect(plan.getByRole('row').filter({ hasText: 'count-failures' })).toContainText('Changed');
    await expect(plan.getByRole('row').filter({ hasText: table }).last()).toContainText('State kept');
    await editor.deploy(plan);
    await expect(editor.status('Running v2')).toBeVisible();
    await produce(topic, second);
    await becomes(app, [...first, ...others]);
    expect(await workerPids()).toEqual(before);
  });

  const third = loginEvents(500, recently()).filter(({ user }) => user !== 'user-1');
  await test.step('paused, it reads nothing and the lag grows; resumed, it reads it all', async () => {
    await editor.command('Pause');
    await expect(editor.status('Paused')).toBeVisible();
    await editor.tab('Live');
    await produce(topic, third);
    await expect.poll(() => shownLag(editor, topic)).toBe(third.length);
    expect(await counted(app)).toEqual(oracle([...first, ...others]));
    await editor.command('Resume');
    await becomes(app, [...first, ...others, ...third]);
    await expect.poll(() => shownLag(editor, topic)).toBe(0);
  });

  const fourth = loginEvents(500, recently());
  await test.step('version 1 is deployed again from History', async () => {
    const history = await editor.tab('History');
    await history.getByRole('row').filter({ hasText: 'v1' }).getByRole('button', { name: 'Deploy again' }).click();
    const plan = page.getByRole('dialog', { name: `Deploy v1 of ${app} again` });
    await expect(plan.getByRole('row').filter({ hasText: 'count-failures' })).toContainText('Changed');
    await editor.deploy(plan);
    await expect(history.getByRole('row').filter({ hasText: 'v1' })).toContainText('runs');
    await produce(topic, fourth);
    await becomes(app, [...first, ...others, ...third, ...fourth]);
  });

  await test.step('stopped, it is said, and nothing runs', async () => {
    await editor.command('Stop');
    await expect(editor.status('Stopped')).toBeVisible();
    await stopApp(app);
  });
});

test('a version that can’t start says why in the dashboard, and the one before runs on @kafka', async ({ page }) => {
  test.setTimeout(180_000);
  const app = freshName('refused');
  const topic = `${app}-logins`;
  await api('POST', '/apps', { text: failuresDocument(app, topic) });
  const editor = await Editor.open(page, app);
  await editor.deploy(await editor.plan());
  await editor.retype(
    failuresDocument(app, topic)
      .replace('tables:\n', `  ${app}-audit: { replication: 3, key: string, value: LoginAttempt }\ntables:\n`)
      .concat(`  audit:\n    from: ${topic}\n    steps:\n      - send: ${app}-audit\n`),
  );
  await (await editor.plan()).getByRole('button', { name: /^Deploy v2/ }).click();

  // There is one broker.
  const why = `topic ${app}-audit cannot be created`;
  const progress = page.getByRole('dialog', { name: 'v2 did not start' });
  await expect(progress).toContainText(why, { timeout: 60_000 });
  await expect(progress).toContainText('v1 runs on as before');
  await progress.getByRole('contentinfo').getByRole('button', { name: 'Close' }).click();
  const banner = page.getByRole('alert').filter({ hasText: 'v2 did not start' });
  await expect(banner).toContainText(why);
  await expect(editor.status('Running v1')).toBeVisible();
  expect((await appDetail(app)).deployment).toMatchObject({ outcome: 'failed', version: 2, runningVersion: 1 });

  const events = loginEvents(500, recently());
  await produce(topic, events);
  await becomes(app, events);
  await stopApp(app);
});
