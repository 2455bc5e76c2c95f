/** A worker: forked by the engine, spoken to over IPC. Ends itself, in order, on SIGTERM and when the engine is gone. */
import { kafkaJsTransport, kafkaOptionsFromEnv } from '@millrace/transport-kafkajs';
import type { FromWorker } from '../ipc/from-worker.ts';
import type { ToWorker } from '../ipc/to-worker.ts';
import { logTo, saying } from '../log.ts';
import { FlightRecorder } from './flight-recorder.ts';
import { sharedClock } from './shared-clock.ts';
import { Worker } from './worker.ts';

const endWithinMs = 7_000;
const id = process.env['MILLRACE_WORKER_ID'] ?? 'worker';
const log = logTo(process.stderr);
const kafka = kafkaOptionsFromEnv(process.env);
if (kafka === null || process.send === undefined) {
  log('a worker is started by its engine');
  process.exit(2);
}
const transport = kafkaJsTransport({ ...kafka, clientId: id });

/** Statuses that the engine has not yet taken off the channel are left out: the next one says more. */
let backlog = 0;
const maxBacklog = 8;
const send = (message: FromWorker): void => {
  if (!process.connected || (message.type === 'status' && backlog > maxBacklog)) return;
  backlog += 1;
  // An engine that is gone is told by `disconnect`.
  process.send?.(message, undefined, undefined, () => {
    backlog -= 1;
  });
};

const flightFile = process.env['MILLRACE_FLIGHT_FILE'];
const recorder =
  flightFile === undefined
    ? undefined
    : new FlightRecorder(flightFile, (error) =>
        log(`worker ${id} can no longer write down where it works: ${saying(error)}`),
      );
const worker = new Worker({ id, transport, clock: sharedClock, send, log, ...(recorder && { recorder }) });
let ending: Promise<void> | undefined;

function end(): void {
  if (ending !== undefined) return;
  setTimeout(() => {
    log(`worker ${id} could not end in order within ${endWithinMs / 1000} s`);
    process.exit(1);
  }, endWithinMs).unref();
  ending = worker
    .stop()
    .then(() => transport.close())
    .catch((error: unknown) => log(`worker ${id}: ${saying(error)}`))
    .then(() => process.exit(0));
}

process.on('message', (message) => void worker.receive(message as ToWorker)); // both ends of the channel are this program
process.on('disconnect', end);
process.on('SIGTERM', end);
// Ctrl-C in a terminal reaches the whole process group; the engine ends its workers in order.
process.on('SIGINT', () => undefined);
// An engine that was killed while this process loaded has said so before anybody listened.
if (process.connected) worker.start();
else end();
