import type { AppDocument } from '@millrace/spec';
import { compileCodec } from '@millrace/streams';
import { ApiFailure } from '../http/api-failure.ts';

/** A key of a table from its text: as it is for texts, JSON for what is composed. Throws `ApiFailure` 400. */
export function parseKey(document: AppDocument, table: string, text: string): unknown {
  const type = document.tables[table]?.key ?? { kind: 'string' };
  const composed = ['list', 'map', 'model', 'record', 'union'].includes(type.kind);
  const read = compileCodec(type, composed ? 'json' : 'string', document, 'key').decode(Buffer.from(text));
  if (!read.ok) throw new ApiFailure(400, 'bad-key', `${text} is no key of ${table}: ${read.reason}`);
  return read.value;
}
