import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A Millrace of the production build, started as a user starts it, on a data folder of its own. */
export interface Millrace {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** Ctrl-C, and wait until everything has ended. */
  stop(): Promise<void>;
}

/** Starts it; resolves when it prints that it is ready. Kafka is KAFKA_BROKERS's where that is set, else embedded. */
export async function startMillrace(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<Millrace> {
  const child = spawn(
    process.execPath,
    [join(root, 'apps/cli/dist/main.mjs'), 'up', '--port', '3100', '--data', dataDir],
    {
      cwd: root,
      env: { ...process.env, ...env, MILLRACE_ROOT: root },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((ready, fail) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /ready at (http:\/\/\S+)/.exec(output)?.[1];
      if (found !== undefined) ready(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) =>
      fail(new Error(`millrace up ended with code ${code} before it was ready:\n${output}`)),
    );
  });
  return {
    url,
    dataDir,
    child,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}

interface RunFile {
  readonly pid: number;
  readonly kafka: string;
  readonly services: readonly { readonly name: string; readonly pid: number }[];
}

/** What the supervisor says of itself; it replaces the file whole. */
export const runFile = (dataDir: string): RunFile =>
  JSON.parse(readFileSync(join(dataDir, 'up.json'), 'utf8')) as RunFile;

/** The pid of a service. */
export function pidOf(dataDir: string, service: string): number {
  const pid = runFile(dataDir).services.find((each) => each.name === service)?.pid;
  if (pid === undefined) throw new Error(`${service} does not run`);
  return pid;
}

/** Whether a process does anything yet. One that has ended stays in the system's list until its new parent has asked for its end. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return !existsSync('/proc/self'); // Where there is /proc, it has gone from it just now.
  }
}

export const projectRoot = root;
