import type { AppDocument } from '../document/document.ts';
import type { Problem } from '../problem.ts';
import { Inference } from '../types/inference.ts';
import { TypeReport } from '../types/type-report.ts';
import { copartitioning } from './copartitioning.ts';
import { cycles } from './cycles.ts';
import { elementProblems } from './elements.ts';
import { keptShorter } from './kept-shorter.ts';
import { danglingReferences } from './references.ts';
import { usage } from './usage.ts';

/**
 * Everything that is wrong with a document that fits the schema. Paths are in the long form (`models.M.fields.ip`); `parseDocument` leads them
 * back to what is written. A document may be deployed when no problem is an error.
 */
export function validateDocument(document: AppDocument): Problem[] {
  const report = new TypeReport();
  new Inference(document, report).run();
  return [
    ...danglingReferences(document),
    ...cycles(document),
    ...elementProblems(document),
    ...copartitioning(document),
    ...report.problems,
    ...usage(document),
    ...keptShorter(document),
  ];
}
