/** DeleteGroups (42), 0–2: deletes groups without members, with their offsets. Flexible from 2. */
import { array, int16, int32, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  first: 0,
  last: 2,
  flexibleFrom: 2,
  request: struct({ groups: array(string) }),
  response: struct({ throttleTimeMs: int32, results: array(struct({ groupId: string, errorCode: int16 })) }),
  async handle({ groups }, { broker }) {
    const results = [];
    for (const groupId of groups) results.push({ groupId, errorCode: await broker.groups.delete(groupId) });
    return { throttleTimeMs: 0, results };
  },
});
