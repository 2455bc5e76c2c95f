import { applyEdits, parseDocument } from '@millrace/spec';

/** A document's text under another app's name; as it is where it can't be read. */
export function underName(text: string, app: string): string {
  return parseDocument(text).authored === null ? text : applyEdits(text, [{ path: ['app'], value: app }]);
}
