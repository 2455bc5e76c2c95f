/**
 * Apache Kafka's own command line tools, in one JVM: a JVM each would take longer to start than all of them take to run. MILLRACE_KAFKA_JARS
 * names the folder of Kafka's jars; without it they count as not installed.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll } from 'vitest';
import type { Target } from '../conformance/target.ts';
import type { ClientProgram } from './client-program.ts';

const jars = join(process.env['MILLRACE_KAFKA_JARS'] ?? 'nowhere', '*');
const runner = join(import.meta.dirname, 'KafkaTools.java');
const timeoutMs = 28_000;

export const kafkaToolsProgram: ClientProgram = {
  name: "Apache Kafka's console tools",
  probe: ['java', '-cp', jars, 'org.apache.kafka.tools.TopicCommand', '--version'],
};

const classes = {
  topics: 'org.apache.kafka.tools.TopicCommand',
  configs: 'kafka.admin.ConfigCommand',
  groups: 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  allGroups: 'org.apache.kafka.tools.GroupsCommand',
  produce: 'org.apache.kafka.tools.ConsoleProducer',
  consume: 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  offsets: 'org.apache.kafka.tools.GetOffsetShell',
  deleteRecords: 'org.apache.kafka.tools.DeleteRecordsCommand',
  transactions: 'org.apache.kafka.tools.TransactionsCommand',
  cluster: 'org.apache.kafka.tools.ClusterTool',
  versions: 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  logDirs: 'org.apache.kafka.tools.LogDirsCommand',
  produceMany: 'org.apache.kafka.tools.ProducerPerformance',
  consumeMany: 'org.apache.kafka.tools.ConsumerPerformance',
} as const;

export type Tool = keyof typeof classes;

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

class ToolRunner {
  readonly #jvm: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncIterator<string>;
  #said = '';

  constructor() {
    const java = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', jars, runner];
    this.#jvm = spawn('java', java, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#jvm.stderr.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
    this.#answers = createInterface({ input: this.#jvm.stdout })[Symbol.asyncIterator]();
  }

  /** One at a time. A tool that takes too long takes the JVM with it. */
  async run(tool: Tool, args: readonly string[], input: string): Promise<Outcome> {
    const late = setTimeout(() => this.#jvm.kill('SIGKILL'), timeoutMs);
    this.#jvm.stdin.write(`${JSON.stringify({ tool: classes[tool], args, input })}\n`);
    const { value, done } = await this.#answers.next();
    clearTimeout(late);
    if (done) throw new Error(`the JVM ended at ${tool} ${args.join(' ')}:\n${this.#said}`);
    return JSON.parse(value) as Outcome; // KafkaTools.java writes it so.
  }

  async stop(): Promise<void> {
    if (this.#jvm.exitCode !== null || this.#jvm.signalCode !== null) return;
    const ended = once(this.#jvm, 'exit');
    this.#jvm.stdin.end();
    await ended;
  }
}

/** Runs a tool on the broker under test, in a JVM that lives as long as the file's cases. */
export type RunTool = (tool: Tool, args: readonly string[], input?: string) => Promise<Outcome>;

export function kafkaTools(t: Target): RunTool {
  let runner: ToolRunner | undefined;
  beforeAll(() => {
    runner = new ToolRunner();
  });
  afterAll(() => runner?.stop());
  return (tool, args, input = '') => {
    if (runner === undefined) throw new Error('the tools are there only while cases run');
    const broker = t.brokers.join(',');
    const where =
      tool === 'produceMany' ? ['--producer-props', `bootstrap.servers=${broker}`] : ['--bootstrap-server', broker];
    // ClusterTool takes its command first.
    const [first = '', ...rest] = args;
    return runner.run(tool, tool === 'cluster' ? [first, ...where, ...rest] : [...where, ...args], input);
  };
}

/** The lines that are not empty, each split at white space, of a tool that prints a table. */
export function rowsOf(out: string): string[][] {
  return linesOf(out).map((line) => line.trim().split(/\s+/));
}

export function linesOf(out: string): string[] {
  return out.split('\n').filter((line) => line.trim() !== '');
}
