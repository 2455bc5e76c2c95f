import { type Document, isScalar, LineCounter, type YAMLError, type YAMLWarning } from 'yaml';
import type { AppDocument } from '../document/document.ts';
import { isMapping } from '../document/form.ts';
import { type AuthoredDocument, normalizeDocument } from '../document/normalize.ts';
import { elementWords } from '../document/path-words.ts';
import { inQuotes } from '../document/schema-problem.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { type DocumentCheck, validateDocument } from '../validate/validate.ts';
import { authoredProblem } from './authored-path.ts';
import { plainData, type TreeFault } from './plain-data.ts';
import { Places, positioned } from './positions.ts';
import { foreignVersion, readYaml, written } from './read-yaml.ts';
import { TooMuchYaml } from './yaml-tree.ts';

/** No document may be longer, in UTF-16 code units. */
export const maxDocumentLength = 1_048_576;

/** So many problems are told; the rest are counted. */
const maxProblems = 200;

/** Characters of a message or a hint. */
const maxWords = 1_000;

export interface ParsedDocument {
  /** Non-null when the text fits the schema, whatever else is wrong: it can be drawn. Deployable when no problem is an error. */
  readonly document: AppDocument | null;
  /** In the order of the text; each with its place in it. */
  readonly problems: readonly Problem[];
  /** The text as plain data; null when it is not a YAML mapping. */
  readonly authored: AuthoredDocument | null;
}

/** Reads and checks a document. Never throws, whatever the text, unless `check` does: see `validateDocument`. */
export function parseDocument(text: string, check?: DocumentCheck): ParsedDocument {
  if (text.length > maxDocumentLength) {
    return refused('too-large', `The document has ${text.length} characters; at most ${maxDocumentLength} are read`);
  }
  const lines = new LineCounter();
  try {
    const yaml = readYaml(text, lines);
    const version = foreignVersion(yaml);
    if (version !== undefined) return refused('bad-yaml', otherVersion(version), otherVersionHint);
    const faults = [...yaml.errors, ...yaml.warnings.filter(({ code }) => misread.has(code))];
    if (faults.some(({ message }) => message.startsWith('Maximum call stack'))) return refused('bad-yaml', tooDeep);
    if (faults.length > 0) {
      return {
        document: null,
        authored: null,
        problems: faults.slice(0, 5).map((fault) => yamlProblem(fault, lines, text)),
      };
    }
    return readDocument(yaml, lines, text, check);
  } catch (error) {
    // The parser recurses into nesting, and throws where it gives up.
    if (error instanceof RangeError) return refused('bad-yaml', tooDeep);
    if (error instanceof TooMuchYaml)
      return refused('too-large', 'The document has more words and marks than are read; split it into several apps');
    throw error;
  }
}

/** Warnings of a text that is not read as it was meant. */
const misread: ReadonlySet<string> = new Set(['TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE']);

const tooDeep = 'The document is nested too deeply';
const otherVersion = (version: string): string =>
  `The document says that it is YAML ${version}; documents are YAML 1.2`;
const otherVersionHint =
  'Take out the line %YAML, and put texts like no, on and 12:30 in quotes if others read this file.';

function refused(code: ProblemCode, message: string, hint?: string): ParsedDocument {
  const problem: Problem = {
    code,
    severity: 'error',
    path: [],
    message,
    ...(hint === undefined ? {} : { hint }),
    text: { start: 0, end: 0, line: 1, column: 1 },
  };
  return { document: null, authored: null, problems: [problem] };
}

function readDocument(
  yaml: Document,
  lines: LineCounter,
  text: string,
  check: DocumentCheck | undefined,
): ParsedDocument {
  const { data: authored, faults } = plainData(yaml);
  if (faults.length > 0)
    return { document: null, authored: null, problems: faults.map((fault) => treeProblem(fault, lines)) };
  if (!isMapping(authored)) {
    const message =
      authored === null || authored === undefined ? 'The document is empty' : 'The document is not a mapping';
    return refused('bad-yaml', message, 'Start with app: and the name of the app.');
  }
  const { document, problems } = normalizeDocument(authored);
  const found =
    document === null
      ? problems
      : validateDocument(document, check).map((problem) => authoredProblem(authored, problem));
  const places = new Places(yaml, lines, text);
  const placed = found.map((problem) => withQuotes(places.placed(problem), places));
  placed.sort((a, b) => (a.text?.start ?? 0) - (b.text?.start ?? 0));
  return { document, authored, problems: bounded(placed) };
}

/** A number or a word of YAML where text is due: the remedy is what is written, in quotes. */
function withQuotes(problem: Problem, places: Places): Problem {
  if (problem.hint !== inQuotes) return problem;
  const { node, complete } = places.find(problem.path);
  const text = isScalar(node) ? (node.source ?? written(node)) : undefined;
  if (!complete || text === undefined) return problem;
  return {
    ...problem,
    hint: `Put it in quotes: ${JSON.stringify(text)}.`,
    fix: { label: 'Put it in quotes', edits: [{ path: problem.path, value: text }] },
  };
}

/** The first problems, and how many there are beyond: errors never give way to warnings. Words that quote a long type are cut. */
function bounded(found: readonly Problem[]): readonly Problem[] {
  const problems = found.map((problem) => ({
    ...problem,
    message: cut(problem.message),
    ...(problem.hint === undefined ? {} : { hint: cut(problem.hint) }),
  }));
  if (problems.length <= maxProblems) return problems;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const told = (errors.length > 0 ? errors : problems).slice(0, maxProblems);
  const more: Problem = {
    code: 'more-problems',
    severity: errors.length > 0 ? 'error' : 'warning',
    path: [],
    message: `The document has ${problems.length - told.length} more problems`,
    hint: 'They are shown when those before them are mended.',
    text: { start: 0, end: 0, line: 1, column: 1 },
  };
  return [...told, more];
}

const cut = (words: string): string => (words.length <= maxWords ? words : `${words.slice(0, maxWords)}…`);

const yamlHints: Readonly<Record<string, string>> = {
  BAD_INDENT: 'Indent with the same number of spaces as the lines beside it.',
  TAB_AS_INDENT: 'YAML indents with spaces, not tabs.',
  MISSING_CHAR: 'A bracket or a quote is not closed.',
  BLOCK_AS_IMPLICIT_KEY: 'Is there a colon in the text? Then put the text in quotes.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line, with a colon after it.',
  UNEXPECTED_TOKEN: 'Put text with special characters in quotes.',
  MULTIPLE_DOCS: 'One file holds one app: take out the line ---.',
  BAD_DIRECTIVE: 'A document is YAML 1.2: take out the line that starts with %.',
  TAG_RESOLVE_FAILED: 'An expression that starts with ! goes in quotes: "!value.ok".',
};

function yamlProblem(error: YAMLError | YAMLWarning, lines: LineCounter, text: string): Problem {
  const range = { start: Math.min(error.pos[0], text.length), end: Math.min(error.pos[1], text.length) };
  const place = positioned(range, lines);
  if (error.code === 'DUPLICATE_KEY') return duplicateKey(place, text);
  const hint = yamlHints[error.code];
  return {
    code: 'bad-yaml',
    severity: 'error',
    path: [],
    message: `Line ${place.line}, column ${place.column}: ${error.message.replace(/\s+at line \d+.*$/s, '')}`,
    ...(hint === undefined ? {} : { hint }),
    text: place,
  };
}

function treeProblem({ code, message, range }: TreeFault, lines: LineCounter): Problem {
  const place = positioned(range, lines);
  return { code, severity: 'error', path: [], message: `Line ${place.line}: ${message}`, text: place };
}

function duplicateKey(place: NonNullable<Problem['text']>, text: string): Problem {
  const key = /^["']?([\w.$-]+)/.exec(text.slice(place.start, place.start + 200))?.[1] ?? '';
  const end = Math.max(place.end, place.start + key.length);
  const path = pathByIndent(text, place.start, key);
  return {
    code: 'duplicate-id',
    severity: 'error',
    path,
    message: `Line ${place.line}: ${key} is there twice in ${elementWords(path.slice(0, -1))}`,
    hint: 'Rename one of the two, or take it out.',
    text: { ...place, end },
  };
}

/** Where a key stands, by the indentation of the lines above it: the parser gives no tree for a text with a duplicate. */
function pathByIndent(text: string, start: number, key: string): string[] {
  const above = text.slice(0, start).split('\n');
  let indent = (above.pop() ?? '').length;
  const path = [key];
  for (const line of above.reverse()) {
    const [, spaces, name] = /^(\s*)["']?([\w.$-]+)["']?\s*:\s*(#.*)?$/.exec(line) ?? [];
    if (spaces === undefined || name === undefined || spaces.length >= indent) continue;
    path.unshift(name);
    indent = spaces.length;
  }
  return path;
}
