import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, steadyAfterMs } from './back-off.ts';
import { nextServiceState, type ServiceEvent, type ServiceState } from './service-state.ts';

export interface ServiceDefinition {
  readonly name: string;
  /** Arguments of this very Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Resolves true once it serves. Asked every 100 ms after each start. */
  readonly isReady: (lines: readonly string[]) => Promise<boolean>;
  readonly readyWithinMs: number;
  /** Between asking it to end and killing it. */
  readonly stopWithinMs: number;
}

const logMaxBytes = 10_000_000;
const firstLinesKept = 50;
const groupWithinMs = 3_000;

/**
 * One supervised process, in a process group of its own so that Ctrl-C reaches it only through us, in order. Ends unexpectedly: started again
 * with back-off, same arguments, same ports. Its standard input is a pipe that closes when we die, by which it knows to end.
 */
export class Service {
  readonly definition: ServiceDefinition;
  readonly #say: (line: string) => void;
  readonly #onPid: () => void;
  #state: ServiceState = 'idle';
  #child: ChildProcess | null = null;
  /** Of the newest process; its children may outlive it there. */
  #group: number | undefined;
  #lines: readonly string[] = [];
  #failures = 0;
  #readySinceMs = 0;
  #exited: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(definition: ServiceDefinition, say: (line: string) => void, onPid: () => void) {
    this.definition = definition;
    this.#say = say;
    this.#onPid = onPid;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The first lines it printed since it was last started. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** Resolves once it serves; throws, with its last words, if it does not within its time. Afterwards it is kept alive until `stop`. */
  async start(): Promise<void> {
    const lines = this.#spawn();
    const untilMs = Date.now() + this.definition.readyWithinMs;
    while (!(await this.definition.isReady(lines))) {
      if (this.#stopping.signal.aborted) return;
      if (this.#child === null)
        throw new Error(
          `${this.definition.name} ended while it was starting:\n${indent(lines)}\n  Its log: ${this.definition.logFile}`,
        );
      if (Date.now() > untilMs)
        throw new Error(
          `${this.definition.name} was not ready within ${this.definition.readyWithinMs / 1000} s:\n${indent(lines)}\n  Its log: ${this.definition.logFile}`,
        );
      await sleep(100);
    }
    this.#move('ready');
    this.#readySinceMs = Date.now();
  }

  /** Asks it to end, kills its group when it does not. Idempotent. */
  async stop(): Promise<void> {
    this.#move('stop');
    this.#stopping.abort();
    const child = this.#child;
    if (child === null) return;
    signalProcess(child, 'SIGTERM');
    const gone = await Promise.race([
      this.#exited.then(() => true),
      sleep(this.definition.stopWithinMs).then(() => false),
    ]);
    if (!gone) {
      this.#say(`${this.definition.name} did not end within ${this.definition.stopWithinMs / 1000} s and is killed`);
      this.#killGroup();
      await this.#exited;
    }
  }

  /** Children that outlived their parent get a moment to end in good order, as they do by themselves; then they are killed. */
  async #endGroup(): Promise<void> {
    const untilMs = Date.now() + groupWithinMs;
    while (this.#group !== undefined && groupLives(this.#group) && Date.now() < untilMs) await sleep(50);
    this.#killGroup();
  }

  #killGroup(): void {
    if (this.#group !== undefined) signalGroup(this.#group, 'SIGKILL');
  }

  #move(event: ServiceEvent): void {
    this.#state = nextServiceState(this.#state, event);
  }

  /** Starts the process; the returned array fills with its first lines of output. */
  #spawn(): readonly string[] {
    this.#move('start');
    const log = openLog(this.definition.logFile);
    const child = spawn(process.execPath, this.definition.args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...this.definition.env },
    });
    this.#child = child;
    this.#group = child.pid;
    this.#onPid();
    const lines: string[] = [];
    this.#lines = lines;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${new Date().toISOString()} ${line}\n`);
        if (lines.length < firstLinesKept) lines.push(line);
      });
    }
    child.stdin.on('error', () => undefined); // It may end before it reads: that is told by its exit.
    this.#exited = new Promise((done) => {
      child.once('error', (error) => lines.push(error.message));
      // Its children hold its output open when they outlive it, so the log is closed later than the process ends.
      child.once('close', () => log.end());
      child.once('exit', (code, signal) => {
        this.#child = null;
        this.#onPid();
        const before = this.#state;
        this.#move('exited');
        done();
        if (before === 'ready' && this.#state === 'waiting') void this.#startAgain(code, signal);
      });
    });
    return lines;
  }

  async #startAgain(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#failures = Date.now() - this.#readySinceMs > steadyAfterMs ? 1 : this.#failures + 1;
    for (let reason = signal === null ? `ended with code ${code}` : `was ended by ${signal}`; ; this.#failures += 1) {
      const waitMs = backOffMs(this.#failures);
      this.#say(
        `${this.definition.name} ${reason}; starting it again in ${waitMs / 1000} s (log: ${this.definition.logFile})`,
      );
      await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined); // A stop ends the wait.
      await this.#endGroup();
      if (this.#stopping.signal.aborted) return;
      try {
        await this.start();
        if (this.#state === 'ready') this.#say(`${this.definition.name} is back`);
        return;
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (this.#child !== null) {
          this.#killGroup();
          await this.#exited;
        }
        reason = `did not come back: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
  }
}

function openLog(file: string): WriteStream {
  if (existsSync(file) && statSync(file).size > logMaxBytes) renameSync(file, `${file}.1`);
  return createWriteStream(file, { flags: 'a' });
}

const indent = (lines: readonly string[]) =>
  lines
    .slice(-12)
    .map((line) => `    ${line}`)
    .join('\n');

/** To the process alone: it ends its own children in its own order. */
function signalProcess(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // Already gone.
  }
}

function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
