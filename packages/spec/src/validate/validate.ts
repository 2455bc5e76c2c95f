import type { AppDocument } from '../document/document.ts';
import type { Problem } from '../problem.ts';
import { Inference, type StageTypes } from '../types/inference.ts';
import { TypeReport } from '../types/type-report.ts';
import { cycles } from './cycles.ts';
import { elementProblems } from './elements.ts';
import { keptShorter } from './kept-shorter.ts';
import { danglingReferences } from './references.ts';
import { usage } from './usage.ts';

/** Finds problems of a document, whose types are known. */
export type DocumentCheck = (document: AppDocument, types: ReadonlyMap<string, StageTypes>) => readonly Problem[];

/**
 * Everything that is wrong with a document that fits the schema. Paths are in the long form (`models.M.fields.ip`); `parseDocument` leads them
 * back to what is written. A document may be deployed when no problem is an error. `check`: what is to be looked at besides.
 */
export function validateDocument(document: AppDocument, check: DocumentCheck = () => []): Problem[] {
  const report = new TypeReport();
  const types = new Inference(document, report).run().stages;
  return [
    ...danglingReferences(document),
    ...cycles(document),
    ...elementProblems(document),
    ...check(document, types),
    ...report.problems,
    ...usage(document),
    ...keptShorter(document),
  ];
}
