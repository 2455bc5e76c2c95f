import { inStep } from '@millrace/streams';
import type Connection from 'kafkajs/src/network/connection.js';

type Queued = Pick<Connection, 'requestQueue'>;

const quiet = new WeakSet<Queued>();

/** How often requests are looked for that have waited too long, ms: their time-outs are of many seconds. */
const timeoutCheckMs = 1_000;

/**
 * KafkaJS' queue of a connection looks for requests that wait every millisecond, for as long as it is open: its timer is set for a time that is over. Here it looks
 * while some wait; each answer makes it look as well. Ten times a second it looks for requests that have waited too long: here one timer looks for all
 * connections, as often as is of use. An idle connection then costs next to nothing.
 */
export const quietened = <C extends Queued>(connection: C): C => {
  if (quiet.has(connection)) return connection;
  quiet.add(connection);
  const { requestQueue } = connection;
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
  requestQueue.scheduleRequestTimeoutCheck = () => watch(requestQueue);
  // The one that KafkaJS has set as it opened the connection makes way.
  requestQueue.scheduleRequestTimeoutCheck();
  return connection;
};

/** Since when each request is known to wait: KafkaJS' own note of it is of the wall clock, which jumps. */
const waitingSince = new WeakMap<object, number>();
/** Of connections that are open. */
const watched = new Set<Queued['requestQueue']>();
let looking = false;

function watch(requestQueue: Queued['requestQueue']): void {
  requestQueue.destroy();
  watched.add(requestQueue);
  if (looking) return;
  looking = true;
  lookLater();
}

function lookLater(): void {
  setTimeout(lookAtAll, inStep(timeoutCheckMs, performance.now())).unref();
}

function lookAtAll(): void {
  const nowMs = performance.now();
  for (const requestQueue of watched) {
    for (const request of requestQueue.inflight.values()) {
      const sinceMs = waitingSince.get(request);
      if (sinceMs === undefined) waitingSince.set(request, nowMs);
      else if (nowMs - sinceMs > request.requestTimeout) request.timeoutRequest();
    }
    if (!requestQueue.isConnected()) watched.delete(requestQueue);
  }
  looking = watched.size > 0;
  if (looking) lookLater();
}
