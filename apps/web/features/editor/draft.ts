import { checkDocument, type Dataflow } from '@millrace/dataflow';
import {
  type AppDocument,
  type Graph,
  graphOf,
  type ParsedDocument,
  type Problem,
  type StageTypes,
} from '@millrace/spec';

/** What a text that fits the schema says. */
export interface Reading {
  readonly document: AppDocument;
  readonly graph: Graph;
  readonly dataflow: Dataflow;
  readonly types: ReadonlyMap<string, StageTypes>;
  /** The text as plain data, short forms and all: what the forms edit. */
  readonly authored: NonNullable<ParsedDocument['authored']>;
}

/** A text and what was read from it. `reading` is the last good one; `broken`: this text has none of its own. */
export interface Draft {
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly reading: Reading | null;
  readonly broken: boolean;
}

/** Reads a text; one that can't be drawn keeps the reading before it. */
export function readDraft(text: string, before: Draft | null): Draft {
  if (before?.text === text) return before;
  const { document, problems, authored, flow } = checkDocument(text);
  if (document === null || authored === null || flow === null)
    return { text, problems, reading: before?.reading ?? null, broken: true };
  return {
    text,
    problems,
    broken: false,
    reading: { document, authored, graph: graphOf(document), ...flow },
  };
}

const sections: Readonly<Record<string, string>> = {
  topics: 'topic',
  tables: 'table',
  agents: 'agent',
  models: 'model',
};

/** The element that a path lies in: `agent:count-failures`; null for the app itself. */
export function elementAt(path: Problem['path']): string | null {
  const [section, name] = path;
  const kind = sections[String(section)];
  return kind === undefined || name === undefined ? null : `${kind}:${name}`;
}

/** `agent:count-failures` to the path of the element in the document. */
export function pathOf(element: string): [string, string] {
  const [kind = '', name = ''] = splitId(element);
  return [`${kind}s`, name];
}

/** A kind and a name; names may hold colons, kinds don't. */
export function splitId(element: string): [string, string] {
  const colon = element.indexOf(':');
  return [element.slice(0, colon), element.slice(colon + 1)];
}

/** What is wrong, without the words that say where: for places that are there already. */
export const shortMessage = (problem: Problem): string =>
  problem.message.replace(/^(Agent|Table|Topic|Model) [^:]+: /, '');

/** The problems of an element, in the order of the text. */
export const problemsOf = (problems: readonly Problem[], element: string | null): readonly Problem[] =>
  problems.filter((problem) => elementAt(problem.path) === element);
