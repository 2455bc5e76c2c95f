/**
 * ListGroups (16), 0–4: all groups, since 4 with their states and only those in the states asked for. Flexible from 3.
 * 1: throttle time.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  first: 0,
  last: 4,
  flexibleFrom: 3,
  request: struct({ statesFilter: since(4, array(string)) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    groups: array(struct({ groupId: string, protocolType: string, state: since(4, string) })),
  }),
  handle({ statesFilter }, { broker }) {
    const groups = broker.groups.all();
    const wanted = statesFilter.map((state) => state.toLowerCase());
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.none,
      groups: groups
        .filter(({ state }) => wanted.length === 0 || wanted.includes(state.toLowerCase()))
        .map(({ id, protocolType, state }) => ({ groupId: id, protocolType: protocolType ?? '', state })),
    };
  },
});
