/**
 * The topics there are, by name. A topic exists from the moment the journal says so; a folder that the journal does
 * not name is the remainder of a deletion that a crash cut short, and goes on opening.
 */
import { must } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { Disk } from '../disk/disk.ts';
import { Journal } from '../disk/journal.ts';
import { PartitionLog } from '../log/partition-log.ts';
import { Serial } from '../log/serial.ts';
import { type LogLine, reasonOf } from '../log-line.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { Topic } from './topic.ts';
import { checkTopicName } from './topic-name.ts';

interface Declaration {
  readonly topic: string;
  readonly id: string;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

type TopicEntry = Declaration | { readonly deleted: string };

export interface TopicEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: LogLine;
  /** 32 hexadecimal digits that nothing else has. */
  readonly newId: () => string;
}

const folder = 'topics';

export class TopicRegistry {
  readonly #environment: TopicEnvironment;
  readonly #topics: Map<string, Topic>;
  readonly #journal: Journal<TopicEntry>;
  readonly #changes = new Serial();
  readonly #onDelete = new Set<(topic: Topic) => Promise<void>>();

  private constructor(environment: TopicEnvironment, topics: Map<string, Topic>, journal: Journal<TopicEntry>) {
    this.#environment = environment;
    this.#topics = topics;
    this.#journal = journal;
  }

  /** Opens all topics, their partitions repaired. */
  static async open(environment: TopicEnvironment): Promise<TopicRegistry> {
    const declared = new Map<string, Declaration>();
    const topics = new Map<string, Topic>();
    const { disk, log } = environment;
    await disk.makeFolder(folder);
    const journal = await Journal.open<TopicEntry>({
      disk,
      log,
      path: 'topics.journal',
      refusal: ErrorCode.storageError,
      apply: (entry) => ('deleted' in entry ? declared.delete(entry.deleted) : declared.set(entry.topic, entry)),
      snapshot: () => declared.values(),
    });
    const registry = new TopicRegistry(environment, topics, journal);
    for (const { topic: name, id, partitions, configs } of declared.values()) {
      const topic = new Topic(name, id, new Map(Object.entries(configs)));
      await registry.#openPartitions(topic, partitions);
      topics.set(name, topic);
    }
    const known = new Set([...topics.values()].map(folderName));
    const strangers = (await disk.list(folder)).filter((name) => !known.has(name));
    for (const name of strangers) {
      if (journal.damagedLines === 0) await disk.remove(`${folder}/${name}`);
      else
        log(
          'error',
          `the folder ${folder}/${name} belongs to no topic; the damaged journal may have named it: it is left`,
        );
    }
    return registry;
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  getById(id: string): Topic | undefined {
    for (const topic of this.#topics.values()) if (topic.id === id) return topic;
    return undefined;
  }

  /** In the order of their names. */
  all(): Topic[] {
    return [...this.#topics.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  partition(name: string, index: number): PartitionLog {
    const log = this.#topics.get(name)?.partitions[index];
    if (log === undefined) throw new KafkaError(ErrorCode.unknownTopicOrPartition, unknownTopic);
    return log;
  }

  /** Throws what would make `create` throw, and creates nothing. */
  checkCreate(name: string): void {
    checkTopicName(name);
    if (this.#topics.has(name)) throw new KafkaError(ErrorCode.topicAlreadyExists, `Topic '${name}' already exists.`);
    const twin = this.all().find((topic) => topic.name.replaceAll('.', '_') === name.replaceAll('.', '_'));
    if (twin !== undefined) {
      throw new KafkaError(ErrorCode.invalidTopic, `Topic '${name}' collides with existing topics: ${twin.name}`);
    }
  }

  /** Throws INVALID_TOPIC_EXCEPTION or TOPIC_ALREADY_EXISTS. The settings must have been checked. */
  create(name: string, partitionCount: number, configs: ReadonlyMap<string, string>): Promise<Topic> {
    return this.#changes.run(async () => {
      this.checkCreate(name);
      const topic = new Topic(name, this.#environment.newId(), configs);
      await this.#openPartitions(topic, partitionCount);
      await this.#journal.append(entryOf(topic, partitionCount));
      this.#topics.set(name, topic);
      return topic;
    });
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. */
  delete(name: string): Promise<Topic> {
    return this.#changes.run(async () => {
      const topic = this.#known(name);
      await this.#journal.append({ deleted: name });
      this.#topics.delete(name);
      for (const log of topic.partitions) await log.abandon();
      for (const listener of this.#onDelete) await listener(topic);
      await this.#removeFolder(topic);
      return topic;
    });
  }

  /** Brings the topic to `partitionCount`, which is more than it has. Throws UNKNOWN_TOPIC_OR_PARTITION. */
  grow(name: string, partitionCount: number): Promise<void> {
    return this.#changes.run(async () => {
      const topic = this.#known(name);
      await this.#journal.append(entryOf(topic, partitionCount));
      await this.#openPartitions(topic, partitionCount);
    });
  }

  /** Replaces the settings that differ from the defaults. They must have been checked. */
  configure(name: string, overrides: ReadonlyMap<string, string>): Promise<void> {
    return this.#changes.run(async () => {
      const topic = this.#known(name);
      await this.#journal.append({
        ...entryOf(topic, topic.partitions.length),
        configs: Object.fromEntries(overrides),
      });
      topic.overrides = overrides;
    });
  }

  /** Calls and awaits `listener` with each topic that is deleted from now on, before its deletion is answered. */
  onDelete(listener: (topic: Topic) => Promise<void>): void {
    this.#onDelete.add(listener);
  }

  async close(): Promise<void> {
    await this.#changes.run(async () => {
      for (const topic of this.#topics.values()) for (const log of topic.partitions) await log.close();
      await this.#journal.close();
    });
  }

  /** The topic is gone already: what can't be removed now goes with the next opening. */
  async #removeFolder(topic: Topic): Promise<void> {
    const { disk, log } = this.#environment;
    try {
      await disk.remove(`${folder}/${folderName(topic)}`);
    } catch (error) {
      log('warn', `the folder of the deleted topic ${topic.name} could not be removed: ${reasonOf(error)}`);
    }
  }

  #known(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new KafkaError(ErrorCode.unknownTopicOrPartition, unknownTopic);
    return topic;
  }

  async #openPartitions(topic: Topic, partitionCount: number): Promise<void> {
    const { disk, clock, log } = this.#environment;
    for (let index = topic.partitions.length; index < partitionCount; index += 1) {
      const name = `${topic.name}-${index}`;
      const path = `${folder}/${folderName(topic)}/${index}`;
      topic.partitions.push(
        await PartitionLog.open({ disk, clock, log, name, folder: path, config: () => topic.logConfig }),
      );
    }
    must(topic.partitions[partitionCount - 1], 'a topic has at least one partition');
  }
}

/** Kafka's words for UNKNOWN_TOPIC_OR_PARTITION. */
export const unknownTopic = 'This server does not host this topic-partition.';

/** The id keeps a topic apart from its namesake of before, and `a` from `A` where the disk does not. */
function folderName(topic: Topic): string {
  return `${topic.name}~${topic.id.slice(0, 8)}`;
}

function entryOf(topic: Topic, partitions: number): Declaration {
  return { topic: topic.name, id: topic.id, partitions, configs: Object.fromEntries(topic.overrides) };
}
