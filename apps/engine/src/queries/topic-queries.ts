import type { recordsQuery, TopicDetail, TopicSummary } from '@millrace/protocol';
import { fieldsOf, formatType } from '@millrace/spec';
import type { Clock, PartitionOffsets, PartitionReader, Transport, TransportAdmin } from '@millrace/streams';
import type { z } from 'zod';
import { ApiFailure, notFound } from '../http/api-failure.ts';
import type { DeclaredTopics } from './declared-topics.ts';
import { recordDecoder } from './record-decoder.ts';
import { compileFilter } from './record-filter.ts';
import { type Match, newestPage, type Page, pageFrom } from './record-pages.ts';
import { type RecordsToSend, sendRecords } from './send-records.ts';
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
  readonly #admin: TransportAdmin;
  readonly #transport: Transport;
  readonly #rates: TopicRates;
  readonly #reader: PartitionReader;

  constructor({ admin, transport, declared, clock }: TopicQueriesOptions) {
    this.#admin = admin;
    this.#transport = transport;
    this.declared = declared;
    this.#rates = new TopicRates(clock);
    this.#reader = transport.reader();
    this.tails = new TopicTails(admin, transport);
  }

  close(): void {
    this.tails.close();
  }

  async list(): Promise<TopicSummary[]> {
    const topics = await this.#admin.describeTopics(await this.#admin.listTopics());
    const summaries = await Promise.all(
      topics.map(async (topic) => this.#summary(topic, await this.#admin.offsets(topic.name))),
    );
    return summaries.sort((a, b) => Number(a.internal) - Number(b.internal) || a.name.localeCompare(b.name));
  }

  async detail(name: string): Promise<TopicDetail> {
    const topic = await this.#existing(name);
    const [offsets, configs] = await Promise.all([this.#admin.offsets(name), this.#admin.topicConfigs(name)]);
    return {
      ...this.#summary(topic, offsets),
      offsets: offsets.map(({ partition, earliest, latest }) => ({
        partition,
        earliest: String(earliest),
        latest: String(latest),
      })),
      configs: { ...configs },
      declared: this.#declaration(name),
    };
  }

  async records(name: string, query: z.output<typeof recordsQuery>): Promise<Page> {
    await this.#existing(name);
    const decode = recordDecoder(
      this.declared.of(name, query.app) ?? (query.app === undefined ? null : this.declared.of(name)),
    );
    const holds = compileFilter(query.where);
    const match: Match = (batch, record) => {
      const seen = decode(batch, record);
      return holds({
        key: seen.key,
        value: seen.value,
        timeMs: seen.record.eventTimeMs ?? record.timestampMs,
        headers: seen.record.headers,
      })
        ? seen
        : null;
    };
    const offsets = (await this.#admin.offsets(name)).filter(
      ({ partition }) => query.partition === undefined || query.partition === partition,
    );
    if (offsets.length === 0) throw notFound(`${name} has no partition ${query.partition}`);
    if (query.from === 'newest') return newestPage(this.#reader, name, offsets, query.limit, match);
    const starts = await this.#starts(name, query, offsets);
    const ranges = offsets.map(({ partition, earliest, latest }) => {
      const from = starts(partition, earliest);
      return { topic: name, partition, from: from < earliest ? earliest : from, to: latest };
    });
    return pageFrom(this.#reader, ranges, query.limit, match);
  }

  async send(name: string, request: RecordsToSend): Promise<number> {
    const topic = await this.#existing(name);
    return sendRecords(this.#transport, topic, this.declared.of(name, request.app), request);
  }

  async #starts(
    name: string,
    query: z.output<typeof recordsQuery>,
    offsets: readonly PartitionOffsets[],
  ): Promise<(partition: number, earliest: bigint) => bigint> {
    if (query.from === 'offset') {
      const { offset } = query;
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
