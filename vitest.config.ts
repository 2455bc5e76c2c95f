import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/**/*.test.ts',
      'apps/**/*.test.{ts,tsx}',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**', 'e2e/**'],
    pool: 'forks',
    // Many suites wait for processes, sessions and timers more than they compute.
    maxWorkers: Math.max(2, availableParallelism()),
    // Integration tests start real brokers, databases and workers: on a starved machine one may run out of time, and is tried once more in CI.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: process.env['CI'] === undefined ? 30_000 : 90_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
