/**
 * ListGroups (16), 0–5: all groups, since 4 with their states and only those in the states asked for. Flexible from 3.
 * 1: throttle time. 5: types, of which there is one here.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, since, string, struct } from '../wire/schema.ts';
import { defineApi } from './api.ts';

/** The groups of the new consumer protocol (KIP-848) are of type `consumer`. */
const type = 'classic';

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  first: 0,
  last: 5,
  flexibleFrom: 3,
  request: struct({ statesFilter: since(4, array(string)), typesFilter: since(5, array(string)) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: int16,
    groups: array(struct({ groupId: string, protocolType: string, state: since(4, string), type: since(5, string) })),
  }),
  handle({ statesFilter, typesFilter }, { broker }) {
    const passes = (filter: readonly string[], value: string) =>
      filter.length === 0 || filter.some((wanted) => wanted.toLowerCase() === value.toLowerCase());
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.none,
      groups: broker.groups
        .all()
        .filter(({ state }) => passes(statesFilter, state) && passes(typesFilter, type))
        .map(({ id, protocolType, state }) => ({ groupId: id, protocolType: protocolType ?? '', state, type })),
    };
  },
});
