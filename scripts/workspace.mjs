// What the project's scripts share: where things stand, how commands are run, how a step is told. Plain Node, because it runs before `npm ci`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const cacheDir = join(root, '.cache');

/** Ends the process with a sentence, not a stack, when this Node is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Millrace needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer one from nodejs.org and run the command again.`,
  );
  process.exit(1);
}

/**
 * Runs a command from the project's root; resolves with its exit code.
 * @param {string} command @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean, cwd?: string }} [options] quiet: its output is shown only if it fails.
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.once('error', fail);
    child.once('close', (code, signal) => {
      if (code !== 0 && options.quiet) process.stderr.write(Buffer.concat(output));
      done(code ?? (signal ? 1 : 0));
    });
  });
}

/**
 * Runs a step that must succeed; says how long it took.
 * @param {string} title @param {() => Promise<number>} work
 */
export async function step(title, work) {
  const startedMs = Date.now();
  process.stdout.write(`  ${title} …\n`);
  const code = await work();
  if (code !== 0) {
    console.error(`\n  ${title} failed (exit code ${code}). The lines above say why.`);
    process.exit(code);
  }
  console.log(`  ${title}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

/** The program of an installed package, run by this very Node: no shell, no `npx`, so that signals reach it. @param {string} path */
export const program = (path) => [join(root, 'node_modules', path)];

/** A fingerprint of files' contents. @param {string[]} files */
export function fingerprint(files) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of files) hash.update(file).update(existsSync(file) ? readFileSync(file) : '');
  return hash.digest('hex');
}

/**
 * Does the work unless it was done for this same fingerprint.
 * @param {string} name @param {string} print @param {() => Promise<void>} work
 */
export async function unlessDone(name, print, work) {
  const stamp = join(cacheDir, `${name}.stamp`);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return;
  await work();
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(stamp, print);
}

/** Installs the packages where they are missing or the lock file has changed. */
export async function ensureInstalled() {
  const print = fingerprint([join(root, 'package-lock.json')]);
  const done = existsSync(join(root, 'node_modules', '.package-lock.json'));
  if (!done) await install();
  else await unlessDone('install', print, install);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(join(cacheDir, 'install.stamp'), print);
}

const install = () =>
  step('Installing packages', () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true }));

/** Generates the Prisma client where it is missing or older than the schema. */
export const ensureGenerated = () =>
  unlessDone('generate', fingerprint([join(root, 'prisma', 'schema.prisma'), join(root, 'package-lock.json')]), () =>
    step('Generating the database client', () =>
      run(process.execPath, [join(root, 'scripts', 'generate.mjs')], { quiet: true }),
    ),
  );
