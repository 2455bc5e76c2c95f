/** Stable: whoever waits for a code that no one reports does not compile. */
export const problemCodes = [
  'app-renamed',
  'bad-aggregate',
  'bad-duration',
  'bad-expression',
  'bad-id',
  'bad-name',
  'bad-type',
  'bad-value',
  'bad-yaml',
  'codec-mismatch',
  'cyclic-reference',
  'dangling-reference',
  'does-not-fit',
  'duplicate-id',
  'ends-in-nothing',
  'kept-shorter',
  'key-mismatch',
  'many-windows',
  'missing-field',
  'more-problems',
  'no-event-time',
  'no-such-field',
  'not-supported',
  'null-key',
  'partition-mismatch',
  'too-large',
  'type-mismatch',
  'unknown-field',
  'unknown-step',
  'unused',
  'wrong-type',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** A user's mistake, said so that it can be found and mended. Never thrown: lists of these are returned. */
export interface Problem {
  readonly code: ProblemCode;
  /** An error forbids a deploy, a warning does not. */
  readonly severity: 'error' | 'warning';
  /** Where in the document, as written: `['agents', 'count-failures', 'steps', 0, 'filter']`. */
  readonly path: DocumentPath;
  /** What is wrong, naming the element and the value. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Half-open range of characters inside the string at `path` (an expression), when the fault is a part of it. */
  readonly span?: Span;
  /** Half-open range of characters in the YAML text, with the 1-based line and column of its start. */
  readonly text?: Span & { readonly line: number; readonly column: number };
  /** A one-click remedy: the edits that mend it. */
  readonly fix?: { readonly label: string; readonly edits: readonly Edit[] };
}

export type DocumentPath = readonly (string | number)[];

/** `[start, end)`, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One surgical change of a document: sets (or, with no value, deletes) what stands at `path`. The authored form, not the normalized one. */
export interface Edit {
  readonly path: DocumentPath;
  readonly value?: unknown;
  /** In a list: puts the value before what stands at the path, rather than in its place. */
  readonly insert?: true;
  /** Renames the key at `path` instead, keeping its place and its comments. */
  readonly rename?: string;
}

/** More problems of one kind than a person reads: beyond, whoever finds them need look no further. */
export const enoughProblems = 250;
