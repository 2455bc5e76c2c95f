import type { recordsQuery, TopicDetail, TopicRecord, TopicSummary } from '@millrace/protocol';
import { fieldsOf, formatType } from '@millrace/spec';
import {
  type Clock,
  isTimeMark,
  keptMsOf,
  type PartitionOffsets,
  type PartitionReader,
  type Transport,
  type TransportAdmin,
} from '@millrace/streams';
import type { z } from 'zod';
import { ApiFailure, notFound } from '../http/api-failure.ts';
import { isUnreadable } from './batch-entries.ts';
import { cutRecord } from './cut-record.ts';
import type { DeclaredTopics } from './declared-topics.ts';
import { isolatedReader } from './isolated-reader.ts';
import { RecordCounts } from './record-count.ts';
import { recordDecoder } from './record-decoder.ts';
import { compileFilter } from './record-filter.ts';
import { type Match, newestPage, type Page, pageFrom } from './record-pages.ts';
import { Search } from './search.ts';
import { type RecordsToSend, type Sent, sendRecords } from './send-records.ts';
import { TopicRates } from './topic-rates.ts';
import { TopicTails } from './topic-tails.ts';

export interface TopicQueriesOptions {
  readonly admin: TransportAdmin;
  readonly transport: Transport;
  readonly declared: DeclaredTopics;
  readonly clock: Clock;
}

/** Answers about Kafka's topics. Calls throw `ApiFailure`, `BadFilter` and `TransportError`. */
export class TopicQueries {
  readonly declared: DeclaredTopics;
  readonly tails: TopicTails;
  readonly #clock: Clock;
  readonly #admin: TransportAdmin;
  readonly #transport: Transport;
  readonly #rates: TopicRates;
  readonly #counts: RecordCounts;
  readonly #reader: PartitionReader;

  constructor({ admin, transport, declared, clock }: TopicQueriesOptions) {
    this.#clock = clock;
    this.#admin = admin;
    this.#transport = transport;
    this.declared = declared;
    this.#rates = new TopicRates(clock);
    this.#counts = new RecordCounts(clock);
    this.#reader = transport.reader();
    this.tails = new TopicTails(admin, transport, (topic) => declared.uncommitted(topic));
  }

  close(): void {
    this.tails.close();
  }

  async list(): Promise<TopicSummary[]> {
    const topics = await this.#admin.describeTopics(await this.#admin.listTopics());
    const summaries = await Promise.all(
      topics.map(async (topic) => this.#summary(topic, await this.#offsets(topic.name))),
    );
    return summaries.sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
  }

  async detail(name: string): Promise<TopicDetail> {
    const topic = await this.#existing(name);
    const [offsets, configs] = await Promise.all([this.#offsets(name), this.#admin.topicConfigs(name)]);
    const reader = isolatedReader(this.#reader, this.declared.uncommitted(name));
    const compacted = configs['cleanup.policy']?.includes('compact') ?? false;
    return {
      ...this.#summary(topic, offsets),
      counted: await this.#counts.count(topic, offsets, reader, compacted),
      offsets: offsets.map(({ partition, earliest, latest }) => ({
        partition,
        earliest: String(earliest),
        latest: String(latest),
      })),
      configs: { ...configs },
      declared: this.#declaration(name),
    };
  }

  /** Throws the signal's reason when it is aborted. */
  async records(name: string, query: z.output<typeof recordsQuery>, signal?: AbortSignal): Promise<Page> {
    await this.#existing(name);
    const decode = recordDecoder(
      this.declared.of(name, query.app) ?? (query.app === undefined ? null : this.declared.of(name)),
      this.declared.mask(name),
    );
    const holds = compileFilter(query.where);
    const shown = query.whole ? (record: TopicRecord) => record : cutRecord;
    const match: Match = (batch, entry) => {
      if (!isUnreadable(entry) && isTimeMark(entry)) return null;
      const seen = decode(batch, entry);
      return holds({
        ...seen.shown,
        timeMs: seen.record.eventTimeMs ?? entry.timestampMs,
        headers: seen.headers,
      })
        ? shown(seen.record)
        : null;
    };
    const at = positionsAt(query.at);
    const offsets = (await this.#offsets(name, query.app)).filter(
      ({ partition }) =>
        (query.partition === undefined || query.partition === partition) && (at === null || at.has(partition)),
    );
    if (offsets.length === 0) throw notFound(`${name} has no partition ${query.partition ?? query.at}`);
    const reader = isolatedReader(this.#reader, this.declared.uncommitted(name, query.app));
    const search = new Search(this.#clock, signal);
    if (query.from === 'newest') {
      const below = offsets.map((each) => ({ ...each, latest: least(each.latest, at?.get(each.partition)) }));
      return newestPage(reader, name, below, query.limit, match, search);
    }
    const starts = await this.#starts(name, query, offsets, at);
    const ranges = offsets.map(({ partition, earliest, latest }) => {
      const from = starts(partition, earliest);
      return { topic: name, partition, from: from < earliest ? earliest : from, to: latest };
    });
    return pageFrom(reader, ranges, query.limit, match, search);
  }

  async send(name: string, request: RecordsToSend): Promise<Sent> {
    const topic = await this.#existing(name);
    const keptMs = keptMsOf(await this.#admin.topicConfigs(name));
    return sendRecords(this.#transport, topic, this.declared.of(name, request.app), request, keptMs);
  }

  async #starts(
    name: string,
    query: z.output<typeof recordsQuery>,
    offsets: readonly PartitionOffsets[],
    at: ReadonlyMap<number, bigint> | null,
  ): Promise<(partition: number, earliest: bigint) => bigint> {
    if (query.from === 'offset') {
      const { offset } = query;
      if (at !== null) return (partition, earliest) => at.get(partition) ?? earliest;
      if (offset === undefined) throw new ApiFailure(400, 'bad-request', 'from=offset needs an offset');
      return () => BigInt(offset);
    }
    if (query.from === 'beginning') return (_partition, earliest) => earliest;
    if (query.timeMs === undefined) throw new ApiFailure(400, 'bad-request', 'from=time needs timeMs');
    const found = new Map(
      (await this.#admin.offsetsForTime(name, query.timeMs)).map(({ partition, offset }) => [partition, offset]),
    );
    const latest = new Map(offsets.map((each) => [each.partition, each.latest]));
    return (partition, earliest) => found.get(partition) ?? latest.get(partition) ?? earliest;
  }

  #offsets(name: string, app?: string): Promise<readonly PartitionOffsets[]> {
    return this.#admin.offsets(name, { uncommitted: this.declared.uncommitted(name, app) });
  }

  async #existing(name: string) {
    const [topic] = await this.#admin.describeTopics([name]);
    if (topic === undefined)
      throw notFound(`There is no topic ${name}`, 'An app that declares it creates it when it is deployed.');
    return topic;
  }

  #summary(
    topic: {
      readonly name: string;
      readonly partitions: number;
      readonly replication: number;
      readonly internal: boolean;
    },
    offsets: readonly PartitionOffsets[],
  ): TopicSummary {
    const roles = this.declared.roles(topic.name);
    const latest = offsets.reduce((total, each) => total + Number(each.latest), 0);
    const earliest = offsets.reduce((total, each) => total + Number(each.earliest), 0);
    const own = roles.find(({ role }) => role !== 'topic')?.role;
    return {
      name: topic.name,
      partitions: topic.partitions,
      replication: topic.replication,
      internal: topic.internal || (own !== undefined && own !== 'dead-letters' && own !== 'late'),
      records: latest - earliest,
      perSecond: this.#rates.perSecond(topic.name, latest),
      role: roles.find(({ role }) => role === 'topic')?.role ?? own ?? 'unknown',
      apps: [...new Set(roles.map(({ app }) => app))],
    };
  }

  #declaration(name: string): TopicDetail['declared'] {
    const declared = this.declared.of(name);
    if (declared === null) return null;
    const { app, document, id, topic } = declared;
    const fields = fieldsOf(topic.value, document) ?? {};
    return {
      app,
      topic: id,
      key: formatType(topic.key),
      value: formatType(topic.value),
      codec: topic.codec,
      eventTime: topic.eventTime.from === 'field' ? `value.${topic.eventTime.path.join('.')}` : topic.eventTime.from,
      fields: Object.entries(fields).map(([field, { type, optional, sensitive }]) => ({
        name: field,
        type: formatType(type),
        optional,
        sensitive,
      })),
    };
  }
}

/** `0:120,1:98`, by partition. */
function positionsAt(text: string | undefined): ReadonlyMap<number, bigint> | null {
  if (text === undefined) return null;
  return new Map(
    text.split(',').map((each) => {
      const [partition = '', offset = ''] = each.split(':');
      return [Number(partition), BigInt(offset)];
    }),
  );
}

const least = (end: bigint, at: bigint | undefined): bigint => (at !== undefined && at < end ? at : end);
