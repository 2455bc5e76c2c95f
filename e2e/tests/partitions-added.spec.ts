import { expect, type Page, test } from '@playwright/test';
import { Kafka, logLevel } from 'kafkajs';
import { deploy, tableRows } from '../millrace/api.ts';
import { appDetail, freshName, stopApp } from '../millrace/apps.ts';
import { countsDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';
import { brokers, send } from '../millrace/events.ts';

test.use({ reducedMotion: 'reduce' });

const keys = Array.from({ length: 24 }, (_, at) => `k${at}`);
const ofEach = (times: number) =>
  keys.flatMap((key) => Array.from({ length: times }, (_, seen) => ({ key, value: JSON.stringify({ seen }) })));

async function becomes(app: string, count: number): Promise<void> {
  const expected = keys.map((key) => `${key}: ${count}`).sort();
  await expect
    .poll(
      async () => (await tableRows(app, 'counts')).rows.map(({ key, value }) => `${key}: ${value['count']}`).sort(),
      { timeout: 60_000, message: `every key of ${app} counted ${count} times` },
    )
    .toEqual(expected);
}

/** An app that has stopped because its topic was given other partitions, open in the editor; three records of each key are unread. */
async function stoppedApp(page: Page, app: string): Promise<Editor> {
  const topic = `${app}-things`;
  await deploy(countsDocument(app, topic));
  await send(topic, ofEach(2));
  await becomes(app, 2);
  const admin = new Kafka({ brokers: brokers(), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
  await admin.disconnect();
  const editor = await Editor.open(page, app);
  await expect(page.getByRole('alert').filter({ hasText: `${topic} has 4 partitions now` })).toBeVisible({
    timeout: 120_000,
  });
  await send(topic, ofEach(3));
  return editor;
}

const way = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Ways out' }).getByRole('button', { name, exact: true });

test('[P4] an app that stopped for partitions that were added keeps its state, by buttons alone', async ({ page }) => {
  test.setTimeout(300_000);
  const app = freshName('keep');
  const editor = await stoppedApp(page, app);
  await way(page, 'Keep the state').click();
  const plan = page.getByRole('dialog', { name: /^Deploy/ });
  await expect(plan.getByRole('checkbox')).toHaveCount(0);
  await expect(plan.getByRole('table', { name: 'Plan' })).toBeVisible();
  await editor.deploy(plan);
  expect((await appDetail(app)).text).toContain('partitions: 2 }');
  await becomes(app, 5);
  await stopApp(app);
});

test('[P4] or is rebuilt, confirmed in the plan; undo takes a way back, and the plan offers them again', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const app = freshName('rebuild');
  const editor = await stoppedApp(page, app);
  await way(page, 'Keep the state').click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(way(page, 'Keep the state')).toHaveCount(0);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(way(page, 'Keep the state')).toBeVisible();

  const plan = await editor.plan();
  await expect(plan.getByRole('button', { name: /^Deploy v\d+/ })).toBeDisabled();
  await plan.getByRole('button', { name: 'Rebuild', exact: true }).click();
  await plan.getByRole('checkbox', { name: /^Rebuild counts: it goes from 2 to 4 partitions/ }).check();
  await editor.deploy(plan);
  await becomes(app, 5);
  await stopApp(app);
});
