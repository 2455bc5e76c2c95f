import { test } from '@playwright/test';
import { deploy, millraceUrl } from '../millrace/api.ts';
import { freshName, stopApp } from '../millrace/apps.ts';
import { failuresDocument } from '../millrace/documents.ts';
import { send } from '../millrace/events.ts';

test('look', async ({ page }) => {
  test.setTimeout(120_000);
  const app = freshName('look');
  const topic = `${app}-logins`;
  await deploy(failuresDocument(app, topic));
  const ts = Math.floor(Date.now() / 1_000);
  await send(topic, [{ key: 'k', value: JSON.stringify({ ip: '10.0.0.1', user: 'u', ok: false, ts }) }]);
  for (const [w, scheme] of [
    [1440, 'dark'],
    [1024, 'light'],
  ] as const) {
    await page.setViewportSize({ width: w, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`${millraceUrl()}/apps/${app}`);
    await page.waitForTimeout(4000);
    await page.screenshot({ path: `/tmp/look-app-${w}-${scheme}.png` });
    await page.getByRole('tab', { name: /Live/ }).click();
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/look-live-${w}-${scheme}.png` });
    await page.goto(`${millraceUrl()}/nowhere`);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/look-nowhere-${w}-${scheme}.png` });
    await page.goto(`${millraceUrl()}/apps/nope/tables/counts`);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `/tmp/look-nope-${w}-${scheme}.png` });
  }
  await stopApp(app);
});
