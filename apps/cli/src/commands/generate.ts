import { setTimeout as sleep } from 'node:timers/promises';
import { type Generator, generator, type StartGenerator } from '@millrace/protocol';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { CommandError, exitCode } from '../exit-code.ts';
import { formatTable } from '../output/table.ts';

const pollMs = 500;
const list = z.object({
  generators: z.array(generator),
  kinds: z.array(z.object({ id: z.string(), title: z.string(), topic: z.string(), description: z.string() })),
});

interface GenerateOptions {
  readonly topic?: string;
  readonly rate: string;
  readonly skew: string;
  readonly count?: string;
  readonly seed?: string;
  readonly detach?: true;
}

/** `millrace generate [KIND]`: sample data through Kafka, until `--count` or Ctrl-C; `--detach` leaves it running in the engine. */
export function generateCommand(program: Command): void {
  program
    .command('generate')
    .argument('[kind]', 'logins, …; without it, lists the kinds')
    .description('write realistic sample events to a topic')
    .option('-t, --topic <topic>', "the Kafka topic; the kind's own unless said")
    .option('-r, --rate <events>', 'events per second', '100')
    .option('-s, --skew <factor>', '0: every key alike; 1: few keys dominate; up to 2', '1')
    .option('-n, --count <events>', 'stop after this many')
    .option('--seed <number>', 'the same seed gives the same events')
    .option('-d, --detach', 'return at once and let it run')
    .action(async (kind: string | undefined, options: GenerateOptions, command: Command) => {
      const { api, json, print } = contextOf(command);
      const { kinds } = await api.get('/generators', list);
      if (kind === undefined) {
        print(kinds, () =>
          formatTable(
            [{ title: 'kind' }, { title: 'topic' }, { title: 'description' }],
            kinds.map((each) => [each.id, each.topic, each.description]),
          ),
        );
        return;
      }
      const topic = options.topic ?? kinds.find((each) => each.id === kind)?.topic;
      if (topic === undefined)
        throw new CommandError(
          exitCode.notFound,
          `There is no generator ${kind}`,
          `There are: ${kinds.map((each) => each.id).join(', ')}.`,
        );
      const request: StartGenerator = {
        generator: kind,
        topic,
        ratePerSecond: number('--rate', options.rate),
        skew: number('--skew', options.skew),
        ...(options.count === undefined ? {} : { count: number('--count', options.count) }),
        ...(options.seed === undefined ? {} : { seed: number('--seed', options.seed) }),
      };
      let current = await api.send('POST', '/generators', request, generator);
      if (options.detach)
        return print(
          current,
          () => `${current.id} writes ${current.ratePerSecond} events/s to ${current.topic}; stop it in the dashboard`,
        );
      const stop = new AbortController();
      process.once('SIGINT', () => stop.abort());
      while (current.state === 'running' && !stop.signal.aborted) {
        await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => undefined); // Ctrl-C ends the nap.
        current = (await api.get('/generators', list)).generators.find((each) => each.id === current.id) ?? current;
        if (!json && process.stderr.isTTY)
          process.stderr.write(`\r${current.sent} events, ${current.actualPerSecond.toFixed(0)}/s   `);
      }
      if (current.state === 'running')
        current = await api.send('DELETE', `/generators/${encodeURIComponent(current.id)}`, undefined, generator);
      report(current, print);
    });
}

function report(result: Generator, print: (value: unknown, text: () => string) => void): void {
  print(result, () => `${result.sent} events written to ${result.topic}`);
  if (result.state === 'failed')
    throw new CommandError(exitCode.failure, `The generator failed: ${result.reason ?? 'no reason was given'}`);
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new CommandError(exitCode.invalid, `${option} takes a number, not ${text}`);
}
