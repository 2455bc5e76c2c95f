import { expect, type Page, test } from '@playwright/test';
import { api, millraceUrl } from '../millrace/api.ts';
import { freshName } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';

const kB = 1000;

/**
 * The bytes of JavaScript, compressed, with which the page loads: the bodies of all scripts that come over the wire until its `load` event. What
 * it fetches once it stands (the socket, dialogs, pages that its links lead to) keeps nobody waiting and is not counted.
 */
async function firstLoadBytes(page: Page, path: string): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  /** What each script's headers took. */
  const scripts = new Map<string, number>();
  let bytes = 0;
  let loaded = false;
  page.once('load', () => {
    loaded = true;
  });
  devtools.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script') scripts.set(requestId, response.encodedDataLength);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const head = scripts.get(requestId);
    if (!loaded && head !== undefined) bytes += encodedDataLength - head;
  });
  await page.goto(`${millraceUrl()}${path}`, { waitUntil: 'load' });
  expect(bytes, 'JavaScript that came until the page had loaded').toBeGreaterThan(50 * kB);
  process.stdout.write(`    first-load JavaScript of ${path}: ${(bytes / kB).toFixed(1)} kB\n`);
  return bytes;
}

test('the list of apps loads with at most 180 kB of JavaScript', async ({ page }) => {
  const app = freshName('weight');
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  const bytes = await firstLoadBytes(page, '/');
  await expect(page.getByRole('link', { name: app })).toBeVisible();
  expect(bytes).toBeLessThanOrEqual(180 * kB);
});

test('the editor loads with at most 350 kB of JavaScript', async ({ page }) => {
  const app = freshName('weight');
  await api('POST', '/apps', { text: failuresDocument(app, `${app}-logins`) });
  const bytes = await firstLoadBytes(page, `/apps/${app}`);
  await expect(page.getByRole('group', { name: 'agent count-failures' })).toBeVisible();
  expect(bytes).toBeLessThanOrEqual(350 * kB);
});
