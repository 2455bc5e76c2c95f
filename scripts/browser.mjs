// The browser of the end-to-end tests and screenshots: one that is there, else Playwright's own, else the distribution's.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root, run } from './workspace.mjs';

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const present = () => known.find((path) => existsSync(path));

/** The path of a Chromium; undefined: Playwright's own is installed and is the default. Exits with a sentence when none can be had. */
export async function ensureBrowser() {
  const named = process.env['MILLRACE_CHROMIUM'];
  if (named) return named;
  const found = present();
  if (found) return found;
  const require = createRequire(join(root, 'e2e', 'package.json'));
  const own = require('@playwright/test').chromium.executablePath();
  if (existsSync(own)) return undefined;
  console.log('  No Chromium here; installing one …');
  if (
    (await run(process.execPath, [require.resolve('@playwright/test/cli'), 'install', 'chromium'], { quiet: true })) ===
    0
  )
    return undefined;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = [...sudo, 'apt-get'];
  const [command = 'apt-get', ...before] = apt;
  await run(command, [...before, 'update', '-qq'], { quiet: true });
  await run(command, [...before, 'install', '-y', '-qq', 'chromium'], {
    quiet: true,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  const installed = present();
  if (installed) return installed;
  console.error(
    '  The end-to-end tests need a Chromium: install one and name it in MILLRACE_CHROMIUM, or run `npx playwright install chromium`.',
  );
  process.exit(1);
}
