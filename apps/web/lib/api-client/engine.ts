import { generator, recordsReply, type StartGenerator, topicDetail, topicSummary } from '@millrace/protocol';
import * as z from 'zod';
import { request } from './request.ts';

const topicList = z.object({ topics: z.array(topicSummary) });
const generatorKind = z.object({ id: z.string(), title: z.string(), topic: z.string(), description: z.string() });
const generatorList = z.object({ generators: z.array(generator), kinds: z.array(generatorKind) });
const nothing = z.unknown();

export type GeneratorKind = z.infer<typeof generatorKind>;

export const listTopics = async () => (await request(topicList, '/topics')).topics;
export const getTopic = (topic: string) => request(topicDetail, `/topics/${encodeURIComponent(topic)}`);
export const newestRecords = async (topic: string, limit: number) => (await request(recordsReply, `/topics/${encodeURIComponent(topic)}/records?from=newest&limit=${limit}`)).records;
export const listGenerators = () => request(generatorList, '/generators');
export const startGenerator = (body: StartGenerator) => request(generator, '/generators', { method: 'POST', body });
export const tuneGenerator = (id: string, body: { readonly ratePerSecond?: number; readonly skew?: number }) => request(generator, `/generators/${encodeURIComponent(id)}`, { method: 'PATCH', body });
export const stopGenerator = (id: string) => request(generator, `/generators/${encodeURIComponent(id)}`, { method: 'DELETE' });
/** Tries Kafka and Postgres at once, instead of when the back-off says. */
export const retryConnections = () => request(nothing, '/engine/retry', { method: 'POST' });
