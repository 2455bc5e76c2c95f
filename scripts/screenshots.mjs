// The README's pictures, made from the real product: builds it, runs it on a folder of its own, creates the template app and photographs it.
// `--out DIR` and `--all` (every page, both themes, 1440 and 1024 wide) serve for looking at one's work.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { buildAll } from './build.mjs';
import { root } from './workspace.mjs';

const all = process.argv.includes('--all');
const out = process.argv.includes('--out')
  ? (process.argv[process.argv.indexOf('--out') + 1] ?? '')
  : join(root, 'docs', 'images');
const warmUpMs = 20_000;

await buildAll();
mkdirSync(out, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'millrace-pictures-'));
const child = spawn(
  process.execPath,
  [join(root, 'apps/cli/dist/main.mjs'), 'up', '--port', '3300', '--data', dataDir],
  { cwd: root, env: { ...process.env, MILLRACE_ROOT: root } },
);
/** @type {string} */
const url = await new Promise((ready, fail) => {
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
    const found = /ready at (http:\/\/\S+)/.exec(output)?.[1];
    if (found) ready(found);
  });
  child.once('exit', () => fail(new Error(output)));
});

/** @param {string} method @param {string} path @param {unknown} body */
async function call(method, path, body) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const executablePath = await ensureBrowser();
const { chromium } = createRequire(join(root, 'e2e', 'package.json'))('@playwright/test');
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--disable-background-networking', '--disable-component-update'],
});

/** @param {string} name @param {string} path @param {'dark' | 'light'} theme @param {number} width @param {(page: import('@playwright/test').Page) => Promise<void>} [act] */
async function picture(name, path, theme, width, act) {
  const context = await browser.newContext({
    viewport: { width, height: width === 1440 ? 900 : 768 },
    colorScheme: theme,
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  await page.waitForLoadState('load');
  await page.waitForTimeout(2_500);
  await act?.(page);
  await page.screenshot({ path: join(out, `${name}-${theme}${width === 1440 ? '' : `-${width}`}.png`) });
  await context.close();
}

try {
  if (all) for (const theme of /** @type {const} */ (['dark', 'light'])) await picture('empty', '/', theme, 1440);
  await call('POST', '/apps', { template: 'login-watch' });
  await call('POST', '/apps/login-watch/deploy', { message: 'Count failures per address, alert above 20' });
  await call('POST', '/generators', { generator: 'logins', topic: 'logins', ratePerSecond: 800, skew: 1 });
  await new Promise((done) => setTimeout(done, warmUpMs));
  const pages = /** @type {const} */ ([
    ['home', '/'],
    ['editor', '/apps/login-watch'],
    ['table', '/apps/login-watch/tables/failures-by-ip'],
    ['topic', '/topics/logins'],
    ['topics', '/topics'],
    ['tables', '/tables'],
    ['models', '/models'],
    ['dead-letters', '/dead-letters'],
    ['engines', '/engines'],
  ]);
  if (all) {
    for (const [name, path] of pages) {
      await picture(name, path, 'dark', 1440);
      await picture(name, path, 'light', 1440);
      await picture(name, path, 'dark', 1024);
    }
  } else {
    await picture('editor', '/apps/login-watch', 'dark', 1440);
    await picture('table', '/apps/login-watch/tables/failures-by-ip', 'light', 1440);
  }
} finally {
  await browser.close();
  child.kill('SIGINT');
  await new Promise((done) => child.once('exit', done));
  rmSync(dataDir, { recursive: true, force: true });
}
