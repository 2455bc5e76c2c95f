/**
 * `npm run test:kafka`: the suites that npm test runs on the embedded broker, against a real Apache Kafka, and the client suite (kcat,
 * kafka-python, Kafka's own tools) on both. KAFKA_BROKERS names a Kafka; otherwise one is started. Kafka and its tools need Java and
 * Maven; the other clients are installed where they are missing. A client that can't be had is a failure. The last line is `N passed, N failed`; the exit code says the same.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaUnavailable, kafkaJars, startApacheKafka } from './apache-kafka.mjs';
import { ensureKafkaClients } from './kafka-clients.mjs';
import { ensureGenerated, ensureInstalled, program, requireNode, root } from './workspace.mjs';

requireNode();
const clients = 'packages/broker/clients';
const brokerSuites = ['packages/broker/conformance', clients];
const folder = mkdtempSync(join(tmpdir(), 'millrace-kafka-'));
const ending = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => ending.abort());

const totals = { passed: 0, failed: 0 };
const given = process.env['KAFKA_BROKERS'];
const onProgress = (/** @type {string} */ line) => console.log(line);
try {
  // Where there can be no Kafka, that is said before anything takes time; beside one that is given, only its tools are missed.
  const jars = await kafkaJars(onProgress).catch((error) => {
    if (!given) throw error;
    console.error(error.message);
    return undefined;
  });
  await ensureKafkaClients();
  await ensureInstalled();
  await ensureGenerated();
  if (given) console.log(`Testing against ${given} (KAFKA_BROKERS)`);
  const env = { ...process.env, MILLRACE_CLIENTS: 'required', MILLRACE_KAFKA_JARS: jars, KAFKA_BROKERS: given };
  await onKafka('brisk', (brokers) => suite(brokerSuites, { ...env, KAFKA_BROKERS: brokers }));
  console.log('The client suite on the embedded broker');
  await suite([clients], { ...env, KAFKA_BROKERS: undefined });
  await onKafka('plain', async (brokers) => {
    await suite(['packages/transport-kafkajs'], { ...env, KAFKA_BROKERS: brokers });
    if (!ending.signal.aborted) await endToEnd({ ...env, KAFKA_BROKERS: brokers });
  });
} catch (error) {
  console.error(error instanceof KafkaUnavailable ? error.message : error);
  totals.failed++;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 || totals.passed === 0 || ending.signal.aborted ? 1 : 0;

/** Works on the Kafka that is given, or on one that lives as long as the work. Does nothing once the run is being ended. */
async function onKafka(/** @type {'brisk' | 'plain'} */ kind, /** @type {(brokers: string) => Promise<void>} */ work) {
  if (ending.signal.aborted) return;
  if (given) return work(given);
  const kafka = await startApacheKafka({ dir: join(folder, kind), brisk: kind === 'brisk', onProgress });
  try {
    await work(kafka.brokers);
  } finally {
    await kafka.stop();
  }
}

async function suite(/** @type {string[]} */ folders, /** @type {NodeJS.ProcessEnv} */ env) {
  if (ending.signal.aborted) return;
  const file = join(folder, 'vitest.json');
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await run([...program('vitest/vitest.mjs'), 'run', ...folders, ...reporters], env);
  const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
  totals.passed += told.numPassedTests;
  // A file that does not even load fails without a test of its own.
  totals.failed += Math.max(told.numFailedTests, code === 0 ? 0 : 1);
}

async function endToEnd(/** @type {NodeJS.ProcessEnv} */ env) {
  const { code, output } = await run(['scripts/test.mjs', '--only', 'e2e', '--grep', '@kafka'], env);
  const passed = [...output.matchAll(/(\d+) passed/g)].at(-1)?.[1] ?? '0';
  const failed = [...output.matchAll(/(\d+) failed/g)].at(-1)?.[1] ?? '0';
  totals.passed += Number(passed);
  totals.failed += Math.max(Number(failed), code === 0 ? 0 : 1);
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function run(/** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env) {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const end = () => child.kill('SIGTERM');
    ending.signal.addEventListener('abort', end);
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', failed);
    child.once('close', (code) => {
      ending.signal.removeEventListener('abort', end);
      done({ code, output });
    });
  });
}
