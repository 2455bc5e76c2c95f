// `npm test`: everything, on a fresh clone too. Installs packages and a browser where they are missing; lints, type-checks, runs the unit and
// integration tests, builds, and runs the end-to-end tests in Chromium. `--only unit|e2e`; what follows `--grep` goes to Playwright.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureGenerated, ensureInstalled, program, requireNode, root, run, step } from './workspace.mjs';

requireNode();
const value = (/** @type {string} */ flag) =>
  process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined;
const only = value('--only');
const grep = value('--grep');
const results = join(root, '.cache', 'test-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

await ensureInstalled();
await ensureGenerated();
let passed = 0;
let failed = 0;
let skipped = 0;
let red = false;

if (only !== 'e2e') {
  await step('Checking style (Biome)', () =>
    run(process.execPath, [...program('@biomejs/biome/bin/biome'), 'check', '.']),
  );
  await step('Checking types', () => run(process.execPath, [join(root, 'scripts', 'typecheck.mjs')]));
  const report = join(results, 'unit.json');
  const code = await run(process.execPath, [
    ...program('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  red ||= code !== 0;
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    passed += numPassedTests;
    failed += numFailedTests;
    skipped += numPendingTests;
  }
}

if (only !== 'unit') {
  const { buildAll } = await import('./build.mjs');
  await buildAll();
  const { ensureBrowser } = await import('./browser.mjs');
  const browser = await ensureBrowser();
  const report = join(results, 'e2e.json');
  const code = await run(
    process.execPath,
    [
      createRequire(join(root, 'e2e', 'package.json')).resolve('@playwright/test/cli'),
      'test',
      '-c',
      'e2e/playwright.config.ts',
      ...(grep ? ['--grep', grep] : []),
    ],
    {
      env: { ...(browser ? { MILLRACE_CHROMIUM: browser } : {}), PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    },
  );
  red ||= code !== 0;
  if (existsSync(report)) {
    const { stats } = JSON.parse(readFileSync(report, 'utf8'));
    passed += stats.expected + stats.flaky;
    failed += stats.unexpected;
    skipped += stats.skipped;
  }
}

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(red || failed > 0 ? 1 : 0);
