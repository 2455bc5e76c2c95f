import { type AppDocument, parseDocument } from '@millrace/spec';
import { compileTopology, rejoinReason, type Topology } from '@millrace/streams';
import { saying } from '../log.ts';
import { Refusal } from './refusal.ts';

/** A version, read and compiled: ready to be brought to the workers. */
export interface Candidate {
  readonly app: string;
  readonly version: number;
  readonly document: AppDocument;
  readonly topology: Topology;
  /** By Kafka topic, the partitions that the topology was compiled for; those that are not named are as the document says. */
  readonly partitions: Readonly<Record<string, number>>;
}

/** Throws `Refusal` for a text that does not validate or compile. */
export function readCandidate(app: string, version: number, text: string): Candidate {
  const { document, problems } = parseDocument(text);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (document === null || first !== undefined) {
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new Refusal(`v${version} does not validate: ${first?.message ?? 'it is no document'}${more}`, errors);
  }
  if (document.app !== app) throw new Refusal(`v${version} is a document of the app ${document.app}`);
  try {
    return { app, version, document, topology: compileTopology(document), partitions: {} };
  } catch (error) {
    throw new Refusal(`v${version} can't be compiled: ${saying(error)}`);
  }
}

/** Whether one version's operators can take the other's place at a batch boundary: the same sources, partitions and tables, and settings that are read at the start. */
export function swappable(from: Topology, to: Topology): boolean {
  return (
    rejoinReason(from, to) === null && JSON.stringify(from.document.settings) === JSON.stringify(to.document.settings)
  );
}
