// `npm start`: from a fresh clone to a running Millrace. Installs, generates, builds what has changed, then hands over to `millrace up`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureGenerated, ensureInstalled, requireNode, root } from './workspace.mjs';

requireNode();
const dev = process.argv.includes('--dev');
const rest = process.argv.slice(2).filter((argument) => argument !== '--dev');
if (dev) {
  await ensureInstalled();
  await ensureGenerated();
} else {
  const { buildAll } = await import('./build.mjs');
  await buildAll();
}

const entry = dev
  ? ['--import', 'tsx', join(root, 'apps/cli/src/main.ts')]
  : ['--enable-source-maps', join(root, 'apps/cli/dist/main.mjs')];
const child = spawn(process.execPath, [...entry, 'up', ...(dev ? ['--dev'] : []), ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MILLRACE_ROOT: root },
});
// Ctrl-C reaches the child by itself, being in the same process group; a kill of this process alone must too.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill('SIGTERM'));
child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
