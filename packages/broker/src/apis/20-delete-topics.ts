/** DeleteTopics (20), 1–5: deletes topics by name, with all they hold. Flexible from 4. 5: error message. */
import { unknownTopic } from '../topics/topic-registry.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';
import { array, int16, int32, nullableString, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  first: 1,
  last: 5,
  flexibleFrom: 4,
  request: struct({ names: array(string), timeoutMs: int32 }),
  response: struct({
    throttleTimeMs: int32,
    topics: array(struct({ name: string, errorCode: int16, errorMessage: since(5, nullableString) })),
  }),
  async handle({ names }, { broker }) {
    const topics = [];
    for (const name of names) {
      try {
        await broker.topics.delete(name);
        topics.push({ name, errorCode: ErrorCode.none, errorMessage: null });
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        topics.push({ name, errorCode: error.code, errorMessage: unknownTopic });
      }
    }
    return { throttleTimeMs: 0, topics };
  },
});
