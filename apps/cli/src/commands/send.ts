import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { type RecordHeader, sendReply } from '@millrace/protocol';
import { parseJson } from '@millrace/spec';
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
    .option(
      '-H, --header <name=text>',
      'a header, also several and of one name',
      (header, before: string[]) => [...before, header],
      [],
    )
    .option('--app <app>', 'encode with the model of this app')
    .action(
      async (
        topic: string,
        options: { key?: string; value?: string; header: string[]; app?: string },
        command: Command,
      ) => {
        const { api, print } = contextOf(command);
        const lines =
          options.value === undefined
            ? utf8(readFileSync(0))
                .split('\n')
                .filter((text) => text.trim() !== '')
            : [options.value];
        const headers = options.header.map(headerOf);
        const records = lines.map((text, at) => ({
          value: parse(text, at + 1),
          ...(options.key === undefined ? {} : { key: options.key }),
          ...(headers.length === 0 ? {} : { headers }),
        }));
        let sent = 0;
        for (let from = 0; from < records.length; from += batchSize) {
          const body = {
            records: records.slice(from, from + batchSize),
            ...(options.app === undefined ? {} : { app: options.app }),
          };
          const reply = await api.send('POST', `/topics/${encodeURIComponent(topic)}/records`, body, sendReply);
          sent += reply.sent;
          for (const warning of reply.warnings) process.stderr.write(`${warning}\n`);
        }
        print({ sent }, () => `${sent} record${sent === 1 ? '' : 's'} written to ${topic}`);
      },
    );
}

function headerOf(text: string): RecordHeader {
  const at = text.indexOf('=');
  if (at < 0) throw new CommandError(exitCode.invalid, `the header ${text} has no value`, 'Write it as name=text.');
  return { name: text.slice(0, at), text: text.slice(at + 1) };
}

/** Never with a mark in the place of what is no text. */
function utf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  throw new CommandError(exitCode.invalid, 'what comes on standard input is not UTF-8 text', 'One JSON value a line.');
}

function parse(text: string, lineNumber: number): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new CommandError(
      exitCode.invalid,
      `line ${lineNumber} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Text needs its quotes: \'"hello"\'.',
    );
  }
}
