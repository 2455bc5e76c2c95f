/**
 * FindCoordinator (10), 0–4: who coordinates a group (key type 0) or a transactional id (1): always this node.
 * Flexible from 3. 1: key type, throttle time, error message. 4: several keys.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int8, int16, int32, nullableString, since, string, struct, until } from '../wire/schema.ts';
import { defineApi } from './api.ts';

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  first: 0,
  last: 4,
  flexibleFrom: 3,
  request: struct({ key: until(3, string), keyType: since(1, int8), keys: since(4, array(string)) }),
  response: struct({
    throttleTimeMs: since(1, int32),
    errorCode: until(3, int16),
    errorMessage: since(1, until(3, nullableString)),
    nodeId: until(3, int32),
    host: until(3, string),
    port: until(3, int32),
    coordinators: since(
      4,
      array(
        struct({
          key: string,
          nodeId: int32,
          host: string,
          port: int32,
          errorCode: int16,
          errorMessage: nullableString,
        }),
      ),
    ),
  }),
  handle({ keyType, keys }, { broker }) {
    const known = keyType === 0 || keyType === 1;
    const here = {
      nodeId: known ? broker.nodeId : -1,
      host: known ? broker.advertised.host : '',
      port: known ? broker.advertised.port : -1,
      errorCode: known ? ErrorCode.none : ErrorCode.invalidRequest,
      errorMessage: known ? null : `there is no coordinator of type ${keyType}`,
    };
    return { throttleTimeMs: 0, ...here, coordinators: keys.map((key) => ({ key, ...here })) };
  },
});
