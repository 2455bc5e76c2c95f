/**
 * Request headers v1 and v2, response headers v0 and v1. Flexible versions take the later of each, except that the
 * ApiVersions response header is never flexible (a client must be able to read it before it knows us), and that the
 * client id is never a compact string.
 */
import type { Reader } from './reader.ts';
import { nullableString } from './schema.ts';
import type { Writer } from './writer.ts';

export interface RequestHeader {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
}

const clientIdCodec = nullableString.at({ number: 1, flexible: false });

/** The part that stands in every request, whatever its API and version. */
export function readRequestHeader(reader: Reader): RequestHeader {
  return { apiKey: reader.int16(), apiVersion: reader.int16(), correlationId: reader.int32() };
}

/** What follows it: the client id, and tagged fields where the version is flexible. */
export function readClientId(reader: Reader, flexible: boolean): string | null {
  const clientId = clientIdCodec.read(reader);
  if (flexible) reader.skipTaggedFields();
  return clientId;
}

export function writeRequestHeader(w: Writer, header: RequestHeader, clientId: string | null, flexible: boolean): void {
  w.int16(header.apiKey);
  w.int16(header.apiVersion);
  w.int32(header.correlationId);
  clientIdCodec.write(w, clientId);
  if (flexible) w.unsignedVarint(0);
}

export function writeResponseHeader(writer: Writer, correlationId: number, flexible: boolean): void {
  writer.int32(correlationId);
  if (flexible) writer.unsignedVarint(0);
}
