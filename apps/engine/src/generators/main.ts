/** A generator of sample data: forked by the engine, told over IPC what to write. Ends with its engine. */
import { kafkaJsTransport, kafkaOptionsFromEnv } from '@millrace/transport-kafkajs';
import type { FromGenerator, ToGenerator } from '../ipc/generator-messages.ts';
import { logTo, saying } from '../log.ts';
import { systemClock } from '../system-clock.ts';
import { GeneratorRun } from './run.ts';

const log = logTo(process.stderr);
const kafka = kafkaOptionsFromEnv(process.env);
if (kafka === null || process.send === undefined) {
  log('a generator is started by its engine');
  process.exit(2);
}
const transport = kafkaJsTransport({ ...kafka, clientId: 'millrace-generator' });
const ending = new AbortController();
const tell = (message: FromGenerator): void => {
  if (process.connected) process.send?.(message);
};
/** The last word has to be on its way before the process ends. */
const tellAndEnd = (message: FromGenerator): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => process.exit(0));
  else process.exit(0);
};

let run: GeneratorRun | null = null;

async function start(message: Extract<ToGenerator, { type: 'start' }>): Promise<void> {
  try {
    run = new GeneratorRun(message, transport, systemClock, tell);
    await run.run(ending.signal);
    tellAndEnd({ type: 'done', sent: run.sent });
  } catch (error) {
    tellAndEnd({ type: 'failed', sent: run?.sent ?? 0, reason: saying(error) });
  }
}

process.on('message', (raw) => {
  const message = raw as ToGenerator; // both ends of the channel are this program
  if (message.type === 'start')
    void start(message); // never rejects: failures are told
  else run?.change(message.ratePerSecond, message.skew);
});
process.on('disconnect', () => process.exit(0));
// An engine that was killed while this process loaded has said so before anybody listened.
if (!process.connected) process.exit(0);
process.on('SIGTERM', () => ending.abort());
// Ctrl-C in a terminal reaches the whole process group; the engine ends its generators.
process.on('SIGINT', () => undefined);
