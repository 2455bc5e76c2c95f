import { type Document, LineCounter, parseDocument as parseYaml, type YAMLError, type YAMLWarning } from 'yaml';
import type { AppDocument } from '../document/document.ts';
import { isMapping } from '../document/form.ts';
import { type AuthoredDocument, normalizeDocument } from '../document/normalize.ts';
import { elementWords } from '../document/path-words.ts';
import type { Problem } from '../problem.ts';
import { validateDocument } from '../validate/validate.ts';
import { authoredProblem } from './authored-path.ts';
import { positioned, withPosition } from './positions.ts';

/** No document may be longer, in UTF-16 code units. */
export const maxDocumentLength = 1_048_576;

/** An alias may stand for at most this many nodes in all; more is a bomb. */
const maxAliasCount = 100;

export interface ParsedDocument {
  /** Non-null when the text fits the schema, whatever else is wrong: it can be drawn. Deployable when no problem is an error. */
  readonly document: AppDocument | null;
  /** In the order of the text; each with its place in it. */
  readonly problems: readonly Problem[];
  /** The text as plain data; null when it is not a YAML mapping. */
  readonly authored: AuthoredDocument | null;
}

/** Reads and checks a document. Never throws, whatever the text. */
export function parseDocument(text: string): ParsedDocument {
  if (text.length > maxDocumentLength) {
    return refused('too-large', `The document has ${text.length} characters; at most ${maxDocumentLength} are read`);
  }
  const lines = new LineCounter();
  try {
    const yaml = parseYaml(text, { lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' });
    const faults = [...yaml.errors, ...yaml.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
    if (faults.some(({ message }) => message.startsWith('Maximum call stack'))) return refused('bad-yaml', tooDeep);
    if (faults.length > 0) {
      return {
        document: null,
        authored: null,
        problems: faults.slice(0, 5).map((fault) => yamlProblem(fault, lines, text)),
      };
    }
    return readDocument(yaml, lines, text);
  } catch (error) {
    // The parser recurses into nesting and gives up on alias bombs, by throwing.
    if (error instanceof RangeError) return refused('bad-yaml', tooDeep);
    if (error instanceof ReferenceError)
      return refused('bad-yaml', `The document's aliases can't be resolved: ${error.message}`);
    throw error;
  }
}

const tooDeep = 'The document is nested too deeply';

function refused(code: string, message: string): ParsedDocument {
  const problem: Problem = {
    code,
    severity: 'error',
    path: [],
    message,
    text: { start: 0, end: 0, line: 1, column: 1 },
  };
  return { document: null, authored: null, problems: [problem] };
}

function readDocument(yaml: Document, lines: LineCounter, text: string): ParsedDocument {
  const authored: unknown = yaml.toJS({ maxAliasCount });
  if (!isMapping(authored)) {
    const message =
      authored === null || authored === undefined ? 'The document is empty' : 'The document is not a mapping';
    const hint = 'Start with app: and the name of the app.';
    return {
      ...refused('bad-yaml', message),
      problems: refused('bad-yaml', message).problems.map((p) => ({ ...p, hint })),
    };
  }
  const { document, problems } = normalizeDocument(authored);
  const found =
    document === null ? problems : validateDocument(document).map((problem) => authoredProblem(authored, problem));
  const placed = found.map((problem) => withPosition(problem, yaml, lines, text));
  placed.sort((a, b) => (a.text?.start ?? 0) - (b.text?.start ?? 0));
  return { document, authored, problems: placed };
}

const yamlHints: Readonly<Record<string, string>> = {
  BAD_INDENT: 'Indent with the same number of spaces as the lines beside it.',
  TAB_AS_INDENT: 'YAML indents with spaces, not tabs.',
  MISSING_CHAR: 'A bracket or a quote is not closed.',
  BLOCK_AS_IMPLICIT_KEY: 'Is there a colon in the text? Then put the text in quotes.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line, with a colon after it.',
  UNEXPECTED_TOKEN: 'Put text with special characters in quotes.',
  MULTIPLE_DOCS: 'One file holds one app: take out the line ---.',
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
