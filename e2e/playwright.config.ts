import { defineConfig } from '@playwright/test';

const executablePath = process.env['MILLRACE_CHROMIUM'];

export default defineConfig({
  testDir: './tests',
  outputDir: '../.cache/playwright',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // One Millrace is shared by the tests, each with apps of its own: in order, on one worker.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // On a shared machine a browser may starve: in CI a test is tried once more, and counted as flaky if that helped.
  retries: process.env['CI'] === undefined ? 0 : 1,
  globalSetup: './millrace/global-setup.ts',
  // The JSON report goes to the file that the test command names.
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] === undefined ? 'list' : [['list'], ['json']],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--disable-background-networking', '--disable-component-update', '--no-first-run'],
    },
  },
});
