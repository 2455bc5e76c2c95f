import { randomUUID } from 'node:crypto';
import { type EventGenerator, generators as kinds, loadTemplates } from '@millrace/examples';
import type { Generator, startGenerator } from '@millrace/protocol';
import { parseDocument, type Topic } from '@millrace/spec';
import type { Clock, TransportAdmin } from '@millrace/streams';
import type { z } from 'zod';
import { ApiFailure, notFound } from '../http/api-failure.ts';
import type { Log } from '../log.ts';
import type { DeclaredTopics } from '../queries/declared-topics.ts';
import type { Entry } from '../workers/entries.ts';
import { GeneratorProcess } from './generator-process.ts';

const maxRunning = 8;
/** Ended ones are shown until there are this many. */
const maxKept = 20;
const defaultPartitions = 4;

export interface GeneratorsOptions {
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string>>;
  readonly admin: TransportAdmin;
  readonly declared: DeclaredTopics;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Kind {
  readonly id: string;
  readonly title: string;
  readonly topic: string;
  readonly description: string;
}

/** Generators of sample data, each a process of its own. They end with the engine, and are not started again. */
export class Generators {
  readonly #options: GeneratorsOptions;
  readonly #all = new Map<string, GeneratorProcess>();

  constructor(options: GeneratorsOptions) {
    this.#options = options;
  }

  get kinds(): readonly Kind[] {
    return Object.entries(kinds).map(([id, { title, defaultTopic, description }]) => ({
      id,
      title,
      topic: defaultTopic,
      description,
    }));
  }

  /** Newest first. */
  list(): readonly Generator[] {
    return [...this.#all.values()].map(({ state }) => state).reverse();
  }

  /** Creates the topic where it is missing. Throws `ApiFailure`, `TransportError`. */
  async start(request: z.output<typeof startGenerator>): Promise<Generator> {
    const kind = kinds[request.generator];
    if (kind === undefined)
      throw notFound(`There is no generator ${request.generator}`, `There are: ${Object.keys(kinds).join(', ')}.`);
    const running = this.list().filter(({ state }) => state === 'running').length;
    if (running >= maxRunning)
      throw new ApiFailure(409, 'too-many', `${running} generators run already`, { hint: 'Stop one of them first.' });
    await this.#ensureTopic(request.topic, kind, request.app);
    const { entry, env, clock, log } = this.#options;
    const seed = request.seed ?? clock.now() % 2 ** 31;
    const id = `${request.generator}-${randomUUID().slice(0, 8)}`;
    const generator = new GeneratorProcess({ id, request: { ...request, seed }, entry, env, clock, log });
    this.#all.set(id, generator);
    this.#forgetOldest();
    return generator.state;
  }

  /** Throws `ApiFailure`. */
  change(id: string, ratePerSecond: number | undefined, skew: number | undefined): Generator {
    const generator = this.#existing(id);
    if (generator.state.state !== 'running')
      throw new ApiFailure(409, 'not-running', `The generator ${id} has ended`, { hint: 'Start a new one.' });
    generator.change(ratePerSecond ?? generator.state.ratePerSecond, skew ?? generator.state.skew);
    return generator.state;
  }

  /** Stopping one that has ended changes nothing. Throws `ApiFailure`. */
  async stopOne(id: string): Promise<Generator> {
    const generator = this.#existing(id);
    await generator.stop();
    return generator.state;
  }

  /** Ends them all. Idempotent. */
  async stop(): Promise<void> {
    await Promise.all([...this.#all.values()].map((generator) => generator.stop()));
  }

  #existing(id: string): GeneratorProcess {
    const generator = this.#all.get(id);
    if (generator === undefined) throw notFound(`There is no generator ${id}`);
    return generator;
  }

  #forgetOldest(): void {
    for (const [id, { state }] of this.#all) {
      if (this.#all.size <= maxKept) return;
      if (state.state !== 'running') this.#all.delete(id);
    }
  }

  /** As the app declares it, else as the kind's template does. */
  async #ensureTopic(name: string, kind: EventGenerator, app: string | undefined): Promise<void> {
    const { admin, declared } = this.#options;
    if ((await admin.describeTopics([name])).length > 0) return;
    const topic = declared.of(name, app)?.topic ?? declared.of(name)?.topic ?? templateTopic(kind);
    await admin.createTopics([
      { name, partitions: topic?.partitions ?? defaultPartitions, replication: topic?.replication ?? 1 },
    ]);
  }
}

function templateTopic(kind: EventGenerator): Topic | undefined {
  const template = loadTemplates().find(({ id }) => id === kind.template);
  const { document } = parseDocument(template?.text ?? '');
  return document?.topics[kind.defaultTopic];
}
