import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { deploy, millraceUrl, tableRows } from '../millrace/api.ts';
import { freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';
import { loginEvents, produce } from '../millrace/events.ts';

const axe: { readonly source: string } = createRequire(import.meta.url)('axe-core');

/** Every rule of axe that is broken on the page, each with where. */
async function violations(page: Page): Promise<string[]> {
  // What still moves is measured half-way: colours in transition have contrasts of their own.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    () => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(), // put there by the line above
  );
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes
        .slice(0, 5)
        .map(({ target, failureSummary }) => `  ${target.join(' ')}: ${failureSummary}`)
        .join('\n')}`,
  );
}

let app = '';
let topic = '';

test.beforeAll(async () => {
  app = freshName('accessible');
  topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  await produce(topic, loginEvents(500, Date.now() - 60_000));
  await expect.poll(async () => (await tableRows(app, 'failures-by-ip')).rows.length, { timeout: 60_000 }).not.toBe(0);
});

test.afterAll(() => stopApp(app));

const ip = /\d+\.\d+\.\d+\.\d+/;
const rows = (page: Page, table: string | RegExp) => page.getByRole('table', { name: table }).getByRole('row');

/** Each page by its name, and how to get to where it shows what it is there to show. */
const pages: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'the list of apps': async (page) => {
    await page.goto(millraceUrl());
    await expect(page.getByRole('link', { name: app })).toBeVisible();
  },
  'the editor': async (page) => {
    const editor = await Editor.open(page, app);
    await editor.select('agent', 'count-failures');
    await expect(page.getByText(/^busy \d+ %/)).toBeVisible();
  },
  'the YAML tab': async (page) => {
    const editor = await Editor.open(page, app);
    await editor.text();
  },
  'the Live tab': async (page) => {
    const editor = await Editor.open(page, app);
    const panel = await editor.tab('Live');
    await expect(panel.getByRole('table', { name: 'Partitions' })).toBeVisible();
  },
  'the History tab': async (page) => {
    const editor = await Editor.open(page, app);
    const panel = await editor.tab('History');
    await expect(panel.getByRole('table', { name: 'Versions' })).toBeVisible();
  },
  'a live table with a key’s history': async (page) => {
    await page.goto(`${millraceUrl()}/apps/${app}/tables/failures-by-ip?show=latest`);
    await rows(page, 'Rows of failures-by-ip').filter({ hasText: ip }).first().click();
    await expect(page.getByRole('complementary', { name: /^Key/ }).getByRole('slider')).toBeVisible();
  },
  'a topic with one of its records': async (page) => {
    await page.goto(`${millraceUrl()}/topics/${topic}?from=newest`);
    await rows(page, `Records of ${topic}`).filter({ hasText: ip }).first().click();
    await expect(page.getByRole('complementary').first()).toBeVisible();
  },
  topics: async (page) => {
    await page.goto(`${millraceUrl()}/topics`);
    await expect(page.getByRole('link', { name: topic, exact: true })).toBeVisible();
  },
  tables: async (page) => {
    await page.goto(`${millraceUrl()}/tables`);
    await expect(page.getByText(app).first()).toBeVisible();
  },
  models: async (page) => {
    await page.goto(`${millraceUrl()}/models`);
    await expect(page.getByText('LoginAttempt').first()).toBeVisible();
  },
  'dead letters': async (page) => {
    await page.goto(`${millraceUrl()}/dead-letters`);
    await expect(page.getByRole('main')).toContainText(/No record has failed|Failed/);
  },
  engines: async (page) => {
    await page.goto(`${millraceUrl()}/engines`);
    await expect(page.getByRole('row', { name: /Running \d+/ }).first()).toBeVisible();
  },
  'the dialog of a new app': async (page) => {
    await page.goto(`${millraceUrl()}/?new=template`);
    const dialog = page.getByRole('dialog', { name: 'New app' });
    await expect(dialog.getByRole('radio', { name: /Login watch/ })).toBeVisible();
  },
  'the plan of a deploy': async (page) => {
    const editor = await Editor.open(page, app);
    await editor.plan();
  },
};

test.use({ reducedMotion: 'reduce' });

for (const [name, go] of Object.entries(pages)) {
  test(`${name} breaks no rule of accessibility, neither dark nor light`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await go(page);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator(`html[data-theme=${colorScheme}]`)).toBeAttached();
      expect.soft(await violations(page), colorScheme).toEqual([]);
    }
  });
}
