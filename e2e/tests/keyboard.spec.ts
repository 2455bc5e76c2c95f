import { expect, type Page, test } from '@playwright/test';
import { api, millraceUrl } from '../millrace/api.ts';
import { appDetail, freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { Editor } from '../millrace/editor.ts';

test.use({ reducedMotion: 'reduce' });

/** Scripts that are fetched from now on take their time, as on a slow line. */
const slowly = (page: Page) =>
  page.route('**/_next/static/chunks/**', async (route) => {
    await new Promise((done) => setTimeout(done, 800));
    await route.continue();
  });

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at === null ? 'nothing' : at.tagName.toLowerCase() + (at.id === '' ? '' : `#${at.id}`);
  });

test('the palette has every key from the first stroke, and the field below it none', async ({ page }) => {
  const app = freshName('keys');
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  const editor = await Editor.open(page, app);
  const form = await editor.select('table', 'failures-by-ip');
  const name = form.getByRole('textbox', { name: 'Name', exact: true });
  await name.click();
  await slowly(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('lo', { delay: 20 });
  await expect(page.getByRole('dialog', { name: 'Search or run' }).getByRole('combobox')).toHaveValue('lo');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(name).toHaveValue('failures-by-ip');
  expect((await appDetail(app)).text).toContain('failures-by-ip:');
});

test('from an empty page to a deploy by the keyboard alone, and the focus is always somewhere', async ({ page }) => {
  test.setTimeout(180_000);
  const app = freshName('by-keys');
  await page.goto(millraceUrl());
  await expect(page.getByRole('button', { name: /^(New app|Run .* on sample data)/ }).first()).toBeVisible();
  await slowly(page);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New app' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();

  await dialog.getByRole('radio', { name: 'From a template' }).focus();
  for (const way of ['From text', 'From scratch', 'From data', 'From a template', 'From text']) {
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByRole('radio', { name: way })).toBeFocused();
    await expect(dialog.getByRole('radio', { name: way })).toBeChecked();
  }
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: 'App document in YAML' })).toBeFocused();
  await page.keyboard.insertText(failuresDocument(app, `${app}-logins`));
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.waitForURL(`**/apps/${app}`);
  await expect(page.getByRole('application')).toBeVisible();
  await expect.poll(() => focused(page)).not.toBe('body');

  await page.keyboard.press('ControlOrMeta+Enter');
  const plan = page.getByRole('dialog', { name: /^Deploy/ });
  await expect(plan.getByRole('textbox', { name: 'Message, shown in History' })).toBeFocused();
  await expect(plan.getByRole('button', { name: /^Deploy v1/ })).toBeEnabled();
  await page.keyboard.type('by keys');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 60_000 });
  await expect.poll(() => focused(page)).not.toBe('body');
  expect((await appDetail(app)).deployment).toMatchObject({ outcome: 'settled', version: 1 });
  await stopApp(app);
});

test('⌘⏎ deploys from wherever the focus is in the plan', async ({ page }) => {
  const app = freshName('from-anywhere');
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  const editor = await Editor.open(page, app);
  const plan = await editor.plan();
  await plan.getByRole('button', { name: 'Text diff' }).focus();
  await expect(plan.getByRole('button', { name: /^Deploy v1/ })).toBeEnabled();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0, { timeout: 60_000 });
  expect((await appDetail(app)).deployment).toMatchObject({ outcome: 'settled' });
  await stopApp(app);
});
