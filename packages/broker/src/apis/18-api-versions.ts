/**
 * ApiVersions (18), 0–3: which versions of which APIs the broker serves. Flexible from 3, but its response header
 * never is. A version beyond 3 is answered in the form of version 0 with UNSUPPORTED_VERSION and the list (the
 * dispatcher does that), so that the client can choose again.
 *
 * 1: throttle time. 3: the client's software name and version.
 */
import { ErrorCode } from '../wire/error-code.ts';
import { array, int16, int32, since, string, struct, type ValueOf } from '../wire/schema.ts';
import { type Api, defineApi, type TypedApi } from './api.ts';

const request = struct({ clientSoftwareName: since(3, string), clientSoftwareVersion: since(3, string) });

const response = struct({
  errorCode: int16,
  apiKeys: array(struct({ apiKey: int16, minVersion: int16, maxVersion: int16 })),
  throttleTimeMs: since(1, int32),
});

/** The API, answering for those that `served` lists. */
export function apiVersions(served: () => readonly Api[]): TypedApi<ValueOf<typeof request>, ValueOf<typeof response>> {
  return defineApi({
    key: 18,
    name: 'ApiVersions',
    first: 0,
    last: 3,
    flexibleFrom: 3,
    request,
    response,
    handle: () => versionList(served(), ErrorCode.none),
  });
}

export function versionList(served: readonly Api[], errorCode: ErrorCode) {
  const apiKeys = served.map(({ key, first, last }) => ({ apiKey: key, minVersion: first, maxVersion: last }));
  return { errorCode, apiKeys, throttleTimeMs: 0 };
}
