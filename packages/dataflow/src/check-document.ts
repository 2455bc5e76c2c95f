import { type ParsedDocument, parseDocument } from '@millrace/spec';
import type { Types } from './agent-steps.ts';
import { compileDataflow } from './compile.ts';
import { copartitioningProblems } from './copartitioning.ts';
import type { Dataflow } from './dataflow.ts';

/** A document as it reads, with what it does; null where there is none that could be followed. */
export interface CheckedDocument extends ParsedDocument {
  readonly flow: { readonly dataflow: Dataflow; readonly types: Types } | null;
}

/** Reads a document, finds all that is wrong with it, and compiles it. Never throws, whatever the text. */
export function checkDocument(text: string): CheckedDocument {
  let flow: CheckedDocument['flow'] = null;
  const parsed = parseDocument(text, (document, types) => {
    const dataflow = compileDataflow(document, undefined, types);
    flow = { dataflow, types };
    return copartitioningProblems(dataflow);
  });
  return { ...parsed, flow };
}
