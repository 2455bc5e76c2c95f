import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { DocumentPath, Problem, ProblemCode, Span } from '../problem.ts';

/** Faults of a name rather than of what it stands for; they are shown at the key. */
const ofTheKey = new Set<ProblemCode>([
  'unknown-field',
  'unknown-step',
  'duplicate-id',
  'bad-id',
  'unused',
  'ends-in-nothing',
  'cyclic-reference',
]);

/** Where the problems of one YAML text stand in it. */
export class Places {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;
  /** The pairs of each mapping that was looked into, by key: the first of a name counts. */
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, NodePair>>();

  constructor(document: Document, lines: LineCounter, text: string) {
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  /** Adds to a problem the place of its path. A path that is not there leads to what it would stand in. */
  placed(problem: Problem): Problem {
    if (problem.text !== undefined) return problem;
    const range = this.#rangeOf(problem) ?? { start: 0, end: 0 };
    return { ...problem, text: positioned(range, this.#lines) };
  }

  #rangeOf(problem: Problem): Span | undefined {
    const { node, key, complete } = this.find(problem.path);
    const meansKey = ofTheKey.has(problem.code) && !meansValue(problem);
    if (key !== undefined && (!complete || meansKey || node === null || isCollection(node))) return spanOf(key);
    if (node === null) return undefined;
    if (isScalar(node) && complete && problem.span !== undefined)
      return inside(node, problem.span, this.#text) ?? spanOf(node);
    if (isCollection(node) && node.range)
      return { start: node.range[0], end: Math.min(node.range[1], endOfLine(this.#text, node.range[0])) };
    return spanOf(node);
  }

  /** The node at a path, or the deepest one on the way to it. */
  find(path: DocumentPath): Found {
    let node: Node | null = this.#document.contents;
    let key: Node | undefined;
    for (const part of path) {
      if (isSeq(node) && typeof part === 'number') {
        const item = node.items[part] as Node | undefined; // items of a parsed sequence are nodes
        if (item === undefined) return { node, key, complete: false };
        node = item;
        key = undefined;
      } else if (isMap(node)) {
        const pair = this.#pairsOf(node).get(String(part));
        if (pair === undefined) return { node, key, complete: false };
        node = pair.value;
        key = pair.key;
      } else {
        return { node, key, complete: false };
      }
    }
    return { node, key, complete: true };
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, NodePair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, NodePair>();
    for (const pair of map.items as NodePair[]) {
      // as: pairs of a parsed mapping hold nodes
      if (isScalar(pair.key) && !pairs.has(String(pair.key.value))) pairs.set(String(pair.key.value), pair);
    }
    this.#pairs.set(map, pairs);
    return pairs;
  }
}

type NodePair = Pair<Node, Node | null>;

export function positioned(range: Span, lines: LineCounter): Span & { line: number; column: number } {
  const { line, col } = lines.linePos(range.start);
  return { ...range, line: Math.max(1, line), column: Math.max(1, col) };
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
