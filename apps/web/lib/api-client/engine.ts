import type { StartGenerator } from '@millrace/protocol';
import { request } from './request.ts';

export const listTopics = async () => (await request('topicList', '/topics')).topics;
export const getTopic = (topic: string) => request('topicDetail', `/topics/${encodeURIComponent(topic)}`);
export const newestRecords = async (topic: string, limit: number) =>
  (await request('recordsReply', `/topics/${encodeURIComponent(topic)}/records?from=newest&limit=${limit}&whole=true`))
    .records;
export const listGenerators = () => request('generatorList', '/generators');
export const startGenerator = (body: StartGenerator) => request('generator', '/generators', { method: 'POST', body });
export const tuneGenerator = (id: string, body: { readonly ratePerSecond?: number; readonly skew?: number }) =>
  request('generator', `/generators/${encodeURIComponent(id)}`, { method: 'PATCH', body });
export const stopGenerator = (id: string) =>
  request('generator', `/generators/${encodeURIComponent(id)}`, { method: 'DELETE' });
/** Tries Kafka and Postgres at once, instead of when the back-off says. */
export const retryConnections = () => request('anything', '/engine/retry', { method: 'POST' });
