import { type Document, isCollection, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import type { DocumentPath, Problem, Span } from '../problem.ts';

/** Faults of a name rather than of what it stands for; they are shown at the key. */
const ofTheKey = new Set([
  'unknown-field',
  'unknown-step',
  'duplicate-id',
  'bad-id',
  'unused',
  'ends-in-nothing',
  'cyclic-reference',
]);

/** Adds to a problem the place of its path in the YAML text. A path that is not there leads to what it would stand in. */
export function withPosition(problem: Problem, document: Document, lines: LineCounter, text: string): Problem {
  if (problem.text !== undefined) return problem;
  const range = rangeOf(problem, document.contents, text) ?? { start: 0, end: 0 };
  return { ...problem, text: positioned(range, lines) };
}

export function positioned(range: Span, lines: LineCounter): Span & { line: number; column: number } {
  const { line, col } = lines.linePos(range.start);
  return { ...range, line: Math.max(1, line), column: Math.max(1, col) };
}

function rangeOf(problem: Problem, contents: Node | null, text: string): Span | undefined {
  const { node, key, complete } = find(contents, problem.path);
  const meansKey = ofTheKey.has(problem.code) && !meansValue(problem);
  if (key !== undefined && (!complete || meansKey || node === null || isCollection(node))) return spanOf(key);
  if (node === null) return undefined;
  if (isScalar(node) && complete && problem.span !== undefined) return inside(node, problem.span, text) ?? spanOf(node);
  if (isCollection(node) && node.range)
    return { start: node.range[0], end: Math.min(node.range[1], endOfLine(text, node.range[0])) };
  return spanOf(node);
}

/** The remedy is another value: an id that stands as a value, as that of the app. */
const meansValue = ({ fix }: Problem): boolean => fix?.edits.some((edit) => edit.value !== undefined) === true;

const endOfLine = (text: string, start: number): number => {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
};

function spanOf(node: Node): Span | undefined {
  return node.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** A range inside a scalar's value; undefined where escapes or folding put the text elsewhere. */
function inside(node: Node, span: Span, text: string): Span | undefined {
  if (!isScalar(node) || !node.range || typeof node.value !== 'string') return undefined;
  const [start, end] = node.range;
  const offset = text.slice(start, end).indexOf(node.value);
  if (offset < 0) return undefined;
  return { start: start + offset + span.start, end: start + offset + Math.max(span.end, span.start) };
}

interface Found {
  readonly node: Node | null;
  /** The key that leads to the node. */
  readonly key: Node | undefined;
  /** Whether the whole path was there. */
  readonly complete: boolean;
}

/** The node at a path, or the deepest one on the way to it. */
export function find(contents: Node | null, path: DocumentPath): Found {
  let node = contents;
  let key: Node | undefined;
  for (const part of path) {
    if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part] as Node | undefined; // items of a parsed sequence are nodes
      if (item === undefined) return { node, key, complete: false };
      node = item;
      key = undefined;
    } else if (isMap(node)) {
      const pair = pairOf(node.items as Pair<Node, Node | null>[], part); // pairs of a parsed mapping hold nodes
      if (pair === undefined) return { node, key, complete: false };
      node = pair.value;
      key = pair.key;
    } else {
      return { node, key, complete: false };
    }
  }
  return { node, key, complete: true };
}

function pairOf(pairs: readonly Pair<Node, Node | null>[], name: string | number): Pair<Node, Node | null> | undefined {
  return pairs.find(({ key }) => isScalar(key) && String(key.value) === String(name));
}
