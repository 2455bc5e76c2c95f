/** From the bytes of a request to the bytes of its answer. */

import { versionList } from '../apis/18-api-versions.ts';
import type { RequestContext } from '../apis/api.ts';
import { servedApis } from '../apis/served.ts';
import { must } from '../assert.ts';
import { ErrorCode } from '../wire/error-code.ts';
import { type RequestHeader, readClientId, readRequestHeader, writeResponseHeader } from '../wire/header.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

const apisByKey = new Map(servedApis.map((api) => [api.key, api]));
const apiVersionsKey = 18;

export type Caller = Omit<RequestContext, 'version' | 'clientId'>;

/**
 * The chunks of the answer's frame, or null when the request wants none. An API or version that is not served is
 * answered with UNSUPPORTED_VERSION. Throws MalformedMessage when the bytes are not a request.
 */
export async function dispatch(frame: Buffer, caller: Caller): Promise<Buffer[] | null> {
  const reader = new Reader(frame);
  const header = readRequestHeader(reader);
  const api = apisByKey.get(header.apiKey);
  if (api === undefined || header.apiVersion < api.first || header.apiVersion > api.last) return refuse(header);
  const { flexible, request, response } = api.codecs(header.apiVersion);
  const clientId = readClientId(reader, flexible) ?? '';
  const answer = await api.handle(request.read(reader), { ...caller, version: header.apiVersion, clientId });
  if (answer === null) return null;
  const writer = new Writer();
  // A client reads the ApiVersions answer before it knows what we speak: its header is never flexible.
  writeResponseHeader(writer, header.correlationId, flexible && api.key !== apiVersionsKey);
  response.write(writer, answer);
  return writer.frame();
}

function refuse({ apiKey, correlationId }: RequestHeader): Buffer[] {
  const writer = new Writer();
  writeResponseHeader(writer, correlationId, false);
  if (apiKey === apiVersionsKey) {
    const { response } = must(apisByKey.get(apiVersionsKey), 'ApiVersions is served').codecs(0);
    response.write(writer, versionList(servedApis, ErrorCode.unsupportedVersion));
  } else writer.int16(ErrorCode.unsupportedVersion);
  return writer.frame();
}
