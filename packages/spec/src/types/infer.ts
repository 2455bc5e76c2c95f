import type { AppDocument } from '../document/document.ts';
import { Inference, type StageTypes } from './inference.ts';
import { TypeReport } from './type-report.ts';

/**
 * The types that go in and come out, by `topic:logins`, `table:failures-by-ip`, `agent:alert` and, of its steps, `agent:alert/filter`.
 * Works on documents with mistakes: a failed step hands its input type on.
 */
export function inferTypes(document: AppDocument): Map<string, StageTypes> {
  return new Inference(document, new TypeReport()).run().stages;
}
