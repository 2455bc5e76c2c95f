/**
 * `npm run faults [-- broker | apps] [--seeds N] [--seed S]`: the embedded broker killed under load (packages/broker/conformance/faults), and apps whose
 * workers and engine are (apps/engine/faults). Both where none is named.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @type {Record<string, string>} */
const campaigns = {
  broker: '../packages/broker/conformance/faults/main.ts',
  apps: '../apps/engine/faults/main.ts',
};
const [named, ...others] = process.argv.slice(2);
const chosen = named === 'broker' || named === 'apps' ? [named] : Object.keys(campaigns);
const args = chosen.length === 1 ? others : process.argv.slice(2);

let failed = false;
for (const campaign of chosen) {
  console.log(`${campaign}:`);
  failed = (await run(fileURLToPath(new URL(campaigns[campaign] ?? '', import.meta.url)))) !== 0 || failed;
}
process.exit(failed ? 1 : 0);

/** @param {string} main @returns {Promise<number>} */
function run(main) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => child.kill(signal));
  return new Promise((done) => child.once('exit', (code, signal) => done(code ?? (signal === null ? 0 : 1))));
}
