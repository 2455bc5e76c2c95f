import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs, steadyAfterMs } from './back-off.ts';
import { LogFile } from './log-file.ts';
import { nextServiceState, type ServiceEvent, type ServiceState } from './service-state.ts';

export interface ServiceDefinition {
  readonly name: string;
  /** Before each start: takes a free port where it needs one. */
  readonly prepare: () => Promise<void>;
  /** Arguments of this very Node, and what is added to our environment; asked at each start, for ports and the others' addresses may have changed. */
  readonly args: () => readonly string[];
  readonly env: () => Readonly<Record<string, string>>;
  readonly logFile: string;
  /** What the line says by which the process itself tells that it serves: nobody else can, as another program may answer at its port. */
  readonly readyIn: (line: string) => Ready | undefined;
  readonly readyWithinMs: number;
  /** Between asking it to end and killing it. */
  readonly stopWithinMs: number;
}

/** Where a process serves, by its own word. */
export interface Ready {
  readonly port: number;
  /** Postgres' address, with its password: it goes into no log. */
  readonly url?: string;
  /** The broker's. */
  readonly clusterId?: string;
}

const firstLinesKept = 50;
const groupWithinMs = 3_000;

/**
 * One supervised process, in a process group of its own so that Ctrl-C reaches it only through us, in order. Ends unexpectedly: started again
 * with back-off. Its standard input is a pipe that closes when we die, by which it knows to end.
 */
export class Service {
  readonly definition: ServiceDefinition;
  readonly #say: (line: string) => void;
  readonly #onPid: () => void;
  readonly #onReady: (ready: Ready) => void;
  #state: ServiceState = 'idle';
  #child: ChildProcess | null = null;
  /** Of the newest process; its children may outlive it there. */
  #group: number | undefined;
  #failures = 0;
  #readySinceMs = 0;
  /** Why what it was started with is no longer true. */
  #stale: string | null = null;
  /** Why it was asked to end, to be started again. */
  #restarting: string | null = null;
  #exited: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(
    definition: ServiceDefinition,
    say: (line: string) => void,
    onPid: () => void,
    onReady: (ready: Ready) => void,
  ) {
    this.#onReady = onReady;
    this.definition = definition;
    this.#say = say;
    this.#onPid = onPid;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get state(): ServiceState {
    return this.#state;
  }

  /** Resolves once it serves; throws, with its last words, if it does not within its time. Afterwards it is kept alive until `stop`. */
  async start(): Promise<void> {
    const { name, logFile, readyWithinMs, prepare } = this.definition;
    await prepare();
    if (this.#stopping.signal.aborted) return;
    const { lines, ready } = this.#spawn();
    const timer = new AbortController();
    const outcome = await Promise.race([
      ready,
      this.#exited.then(() => 'ended' as const),
      sleep(readyWithinMs, 'late' as const, { signal: AbortSignal.any([timer.signal, this.#stopping.signal]) }).catch(
        () => 'stopped' as const,
      ),
    ]);
    timer.abort();
    if (this.#stopping.signal.aborted || outcome === 'stopped') return;
    const words = `${indent(lines)}\n  Its log: ${logFile}`;
    if (outcome === 'ended') throw new Error(`${name} ended while it was starting:\n${words}`);
    if (outcome === 'late') throw new Error(`${name} was not ready within ${readyWithinMs / 1000} s:\n${words}`);
    this.#move('ready');
    this.#readySinceMs = Date.now();
    this.#onReady(outcome);
    if (this.#stale !== null) this.restart(this.#stale);
  }

  /** Resolves when the process that was started last has ended. */
  ended(): Promise<void> {
    return this.#exited;
  }

  /** Starts it anew, with what is true by now; a process that is just starting is let finish first. */
  restart(reason: string): void {
    this.#stale = this.#state === 'ready' ? null : reason;
    const child = this.#child;
    if (this.#state !== 'ready' || child === null) return;
    this.#restarting = reason;
    signalProcess(child, 'SIGTERM');
    const timer = setTimeout(() => this.#killGroup(), this.definition.stopWithinMs).unref();
    void this.#exited.then(() => clearTimeout(timer));
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

  /** Starts the process; `lines` fills with its first lines of output, `ready` resolves with its word. */
  #spawn(): { readonly lines: readonly string[]; readonly ready: Promise<Ready> } {
    this.#move('start');
    this.#stale = null;
    const { args, env, logFile, readyIn } = this.definition;
    const log = new LogFile(logFile, this.#say);
    const child = spawn(process.execPath, args(), {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env() },
    });
    this.#child = child;
    this.#group = child.pid;
    this.#onPid();
    const lines: string[] = [];
    const ready = new Promise<Ready>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          const said = readyIn(line);
          if (said !== undefined) {
            resolve(said);
            // Its address may hold a password.
            if (said.url !== undefined) return;
          }
          log.write(line);
          if (lines.length < firstLinesKept) lines.push(line);
        });
      }
    });
    child.stdin.on('error', () => undefined); // It may end before it reads: that is told by its exit.
    this.#exited = new Promise((done) => {
      child.once('error', (error) => lines.push(error.message));
      // Its children hold its output open when they outlive it, so the log is closed later than the process ends.
      child.once('close', () => log.close());
      child.once('exit', (code, signal) => {
        this.#child = null;
        this.#onPid();
        const before = this.#state;
        this.#move('exited');
        done();
        if (before === 'ready' && this.#state === 'waiting') void this.#startAgain(code, signal);
      });
    });
    return { lines, ready };
  }

  async #startAgain(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#failures = Date.now() - this.#readySinceMs > steadyAfterMs ? 1 : this.#failures + 1;
    const asked = this.#restarting;
    this.#restarting = null;
    if (asked !== null) this.#failures = 0;
    let reason = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
    for (; ; this.#failures += 1) {
      const waitMs = asked !== null && this.#failures === 0 ? 0 : backOffMs(this.#failures);
      this.#say(
        waitMs === 0
          ? `${this.definition.name} is started again: ${asked}`
          : `${this.definition.name} ${reason}; starting it again in ${waitMs / 1000} s (log: ${this.definition.logFile})`,
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
