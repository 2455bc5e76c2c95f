import type Connection from 'kafkajs/src/network/connection.js';

type Queued = Pick<Connection, 'requestQueue'>;

const quiet = new WeakSet<Queued>();

/**
 * KafkaJS' queue of a connection looks for requests that wait every millisecond, for as long as it is open: its timer is set for a time that is over. Here it looks
 * while some wait; each answer makes it look as well. An idle connection then costs nothing.
 */
export const quietened = <C extends Queued>(connection: C): C => {
  if (quiet.has(connection)) return connection;
  quiet.add(connection);
  const { requestQueue } = connection;
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
  return connection;
};
