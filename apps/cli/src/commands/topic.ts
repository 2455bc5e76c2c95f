import { type TopicRecord, topicSummary } from '@millrace/protocol';
import { isoTime, writeJson } from '@millrace/spec';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { formatTable } from '../output/table.ts';
import { recordsFrom } from './topic-records.ts';

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
            { title: 'records, at most', right: true },
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
    .option('--no-follow', 'stop at the end as it is when the command starts')
    .action(async (name: string, options: { from: string; count?: string; follow: boolean }, command: Command) => {
      const { api, json } = contextOf(command);
      let left = options.count === undefined ? Number.POSITIVE_INFINITY : Number(options.count);
      for await (const record of recordsFrom(api, name, options.from, options.follow, left)) {
        process.stdout.write(`${json ? writeJson(record) : line(record)}\n`);
        left -= 1;
        if (left <= 0) return;
      }
    });
}

function line(record: TopicRecord): string {
  const place = `${record.partition}·${record.offset}`;
  const body =
    record.reason !== null
      ? `not decoded: ${record.reason}`
      : record.tombstone
        ? '(tombstone)'
        : writeJson(record.value);
  return `${isoTime(record.eventTimeMs ?? record.timestampMs)}  ${place}  ${record.keyText ?? '–'}  ${body}`;
}
