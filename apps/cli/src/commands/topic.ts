import { setTimeout as sleep } from 'node:timers/promises';
import { recordsReply, type TopicRecord, topicSummary } from '@millrace/protocol';
import type { Command } from 'commander';
import { z } from 'zod';
import type { ApiClient } from '../api/client.ts';
import { contextOf } from '../context.ts';
import { formatTable } from '../output/table.ts';

const pollMs = 400;
const pageSize = 500;

/** `millrace topic list`, `millrace topic tail TOPIC`. */
export function topicCommand(program: Command): void {
  const topic = program.command('topic').description('list topics, follow one');
  topic
    .command('list')
    .description('the topics of the cluster')
    .action(async (_options: unknown, command: Command) => {
      const { api, print } = contextOf(command);
      const { topics } = await api.get('/topics', z.object({ topics: z.array(topicSummary) }));
      print(topics, () =>
        formatTable(
          [
            { title: 'topic' },
            { title: 'role' },
            { title: 'partitions', right: true },
            { title: 'records', right: true },
            { title: 'in/s', right: true },
            { title: 'apps' },
          ],
          topics.map((each) => [
            each.name,
            each.role,
            String(each.partitions),
            String(each.records),
            each.perSecond.toFixed(0),
            each.apps.join(', '),
          ]),
        ),
      );
    });
  topic
    .command('tail')
    .argument('<topic>')
    .description('print the newest records, then go on as they come until Ctrl-C')
    .option('--from <where>', 'newest or beginning', 'newest')
    .option('-n, --count <records>', 'stop after this many')
    .option('--no-follow', 'stop at the end')
    .action(async (name: string, options: { from: string; count?: string; follow: boolean }, command: Command) => {
      const { api, json } = contextOf(command);
      let left = options.count === undefined ? Number.POSITIVE_INFINITY : Number(options.count);
      for await (const record of records(api, name, options.from, options.follow, Math.min(left, pageSize))) {
        process.stdout.write(`${json ? JSON.stringify(record) : line(record)}\n`);
        left -= 1;
        if (left <= 0) return;
      }
    });
}

/** Pages forward partition by partition, from where the page before ended: nothing is shown twice, nothing left out. */
async function* records(
  api: ApiClient,
  topic: string,
  from: string,
  follow: boolean,
  limit: number,
): AsyncGenerator<TopicRecord> {
  const path = `/topics/${encodeURIComponent(topic)}/records`;
  const first = await api.get(
    `${path}?${new URLSearchParams({ from, limit: String(Math.min(limit, 50)) })}`,
    recordsReply,
  );
  yield* inTimeOrder(first.records);
  const next = new Map(first.next.map(({ partition, offset }) => [partition, offset]));
  for (;;) {
    let found = 0;
    for (const [partition, offset] of next) {
      const query = new URLSearchParams({
        from: 'offset',
        partition: String(partition),
        offset,
        limit: String(pageSize),
      });
      const page = await api.get(`${path}?${query}`, recordsReply);
      yield* page.records;
      found += page.records.length;
      for (const position of page.next) next.set(position.partition, position.offset);
    }
    if (found > 0) continue;
    if (!follow) return;
    await sleep(pollMs);
  }
}

const inTimeOrder = (page: readonly TopicRecord[]) => [...page].sort((a, b) => a.timestampMs - b.timestampMs);

function line(record: TopicRecord): string {
  const place = `${record.partition}·${record.offset}`;
  const body = record.reason === null ? JSON.stringify(record.value) : `not decoded: ${record.reason}`;
  return `${new Date(record.eventTimeMs ?? record.timestampMs).toISOString()}  ${place}  ${record.keyText ?? '–'}  ${body}`;
}
