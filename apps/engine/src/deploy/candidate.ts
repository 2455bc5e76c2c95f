import { checkDocument, type Dataflow } from '@millrace/dataflow';
import type { AppDocument } from '@millrace/spec';
import { Refusal } from './refusal.ts';

/** A version, read and compiled: ready to be brought to the workers. */
export interface Candidate {
  readonly app: string;
  readonly version: number;
  readonly document: AppDocument;
  readonly dataflow: Dataflow;
  /** By Kafka topic, the partitions that the dataflow was compiled for; those that are not named are as the document says. */
  readonly partitions: Readonly<Record<string, number>>;
}

/** Throws `Refusal` for a text that does not validate. */
export function readCandidate(app: string, version: number, text: string): Candidate {
  const { document, problems, flow } = checkDocument(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (document === null || flow === null || first !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new Refusal(`v${version} does not validate: ${first?.message ?? 'it is no document'}${more}`, errors);
  }
  if (document.app !== app) throw new Refusal(`v${version} is a document of the app ${document.app}`);
  return { app, version, document, dataflow: flow.dataflow, partitions: {} };
}
