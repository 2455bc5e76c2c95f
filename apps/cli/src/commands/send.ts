import { readFileSync } from 'node:fs';
import { sendReply } from '@millrace/protocol';
import type { Command } from 'commander';
import { contextOf } from '../context.ts';
import { CommandError, exitCode } from '../exit-code.ts';

const batchSize = 1000;

/** `millrace send TOPIC`: records given as `--value`, or a JSON value a line on standard input; checked against the topic's model before anything is written. */
export function sendCommand(program: Command): void {
  program
    .command('send')
    .argument('<topic>', 'the Kafka topic')
    .description('write records to a topic')
    .option('-k, --key <key>', 'the key, as text')
    .option('-v, --value <json>', 'the value; without it, one JSON value a line is read from standard input')
    .option('--app <app>', 'encode with the model of this app')
    .action(async (topic: string, options: { key?: string; value?: string; app?: string }, command: Command) => {
      const { api, print } = contextOf(command);
      const lines =
        options.value === undefined
          ? readFileSync(0, 'utf8')
              .split('\n')
              .filter((text) => text.trim() !== '')
          : [options.value];
      const records = lines.map((text, at) => ({
        value: parse(text, at + 1),
        ...(options.key === undefined ? {} : { key: options.key }),
      }));
      let sent = 0;
      for (let from = 0; from < records.length; from += batchSize) {
        const body = {
          records: records.slice(from, from + batchSize),
          ...(options.app === undefined ? {} : { app: options.app }),
        };
        sent += (await api.send('POST', `/topics/${encodeURIComponent(topic)}/records`, body, sendReply)).sent;
      }
      print({ sent }, () => `${sent} record${sent === 1 ? '' : 's'} written to ${topic}`);
    });
}

function parse(text: string, lineNumber: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(
      exitCode.invalid,
      `line ${lineNumber} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Text needs its quotes: \'"hello"\'.',
    );
  }
}
