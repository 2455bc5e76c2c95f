import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { DocumentPath, Edit } from '../problem.ts';
import { renderEntry, renderFlow, renderItem, renderValue } from './render.ts';

/** `text[start, end)` gives way to `by`. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

type NodePair = Pair<Node, Node | null>;

/**
 * An edit made in the text itself, between the ends of the nodes concerned, so that nothing else moves; undefined for the forms of YAML that
 * this does not know its way in (the caller has another). The caller also checks that the result says what it should.
 */
export function spliced(
  text: string,
  yaml: Document,
  path: DocumentPath,
  data: unknown,
  edit: Edit,
): string | undefined {
  const splice = new Splicer(text, yaml).splice(path, data, edit);
  return splice === undefined ? undefined : text.slice(0, splice.start) + splice.by + text.slice(splice.end);
}

class Splicer {
  private readonly text: string;
  private readonly yaml: Document;

  constructor(text: string, yaml: Document) {
    this.text = text;
    this.yaml = yaml;
  }

  /** `data` is what the whole document is to say. */
  splice(path: DocumentPath, data: unknown, edit: Edit): Splice | undefined {
    let parent: Node | null = this.yaml.contents;
    for (const [index, part] of path.entries()) {
      if (!isCollection(parent)) return undefined;
      const child = childOf(parent, part);
      const isLast = index === path.length - 1;
      if (isLast && edit.rename !== undefined) return this.rename(parent, part, edit.rename);
      if (isLast && edit.value === undefined) return this.remove(parent, part, path);
      if (isLast && edit.insert === true) return this.add(parent, part, edit.value, path);
      const here = path.slice(0, index + 1);
      if (child === undefined) return this.add(parent, part, valueIn(data, here), here);
      if (isLast || !isCollection(child) || child.items.length === 0)
        return this.replace(parent, part, child, valueIn(data, here), here);
      parent = child;
    }
    return undefined;
  }

  private rename(parent: Node, part: string | number, to: string): Splice | undefined {
    const key = isMap(parent) ? pairIn(parent, part)?.key : undefined;
    if (!key?.range) return undefined;
    return { start: key.range[0], end: key.range[1], by: renderEntry(to, null, [], 0).replace(/: null$/, '') };
  }

  private replace(
    parent: YAMLMap | YAMLSeq,
    part: string | number,
    old: Node | null,
    value: unknown,
    path: DocumentPath,
  ): Splice | undefined {
    const inFlow = parent.flow === true;
    const key = isMap(parent) ? pairIn(parent, part)?.key : undefined;
    const indent = isMap(parent) ? this.column(key?.range?.[0]) : this.column(old?.range?.[0]) - 2;
    const by = inFlow ? ` ${renderFlow(value)}` : renderValue(value, path, indent + 2);
    if (old?.range && old.range[1] > old.range[0] && !isBlockCollection(old)) {
      if (by.startsWith('\n')) return this.toBlock(old, by);
      const text = this.text.slice(old.range[0], old.range[1]);
      return { start: old.range[0], end: contentEnd(old, this.text), by: keepQuotes(text, value, by.slice(1)) };
    }
    if (isSeq(parent) && old?.range && !inFlow) {
      const dash = this.dash(old.range[0]);
      return { start: dash, end: contentEnd(old, this.text), by: renderItem(value, path, this.column(dash)) };
    }
    if (!key?.range) return undefined;
    const colon = this.text.indexOf(':', key.range[1]);
    const start = colon + 1;
    const end = isBlockCollection(old) ? contentEnd(old, this.text) : start;
    return colon < 0 ? undefined : { start, end, by };
  }

  /** A value in the key's line gives way to lines below it: a comment in that line stays there. */
  private toBlock(old: Node, by: string): Splice | undefined {
    const [start = 0, end = 0] = old.range ?? [];
    const lineEnd = this.endOfLine(end);
    const rest = this.text.slice(end, lineEnd);
    if (this.text.slice(start, end).includes('\n') || !/^\s*(#.*)?$/.test(rest)) return undefined;
    const spaces = /\s*$/.exec(this.text.slice(0, start))?.[0].length ?? 0;
    return { start: start - spaces, end: lineEnd, by: rest.trimEnd() + by };
  }

  private add(
    parent: YAMLMap | YAMLSeq,
    part: string | number,
    value: unknown,
    path: DocumentPath,
  ): Splice | undefined {
    if (parent.items.length === 0) return undefined;
    const at = isSeq(parent) && typeof part === 'number' ? part : parent.items.length;
    if (parent.flow === true)
      return this.addInFlow(parent, at, isSeq(parent) ? renderFlow(value) : flowEntry(part, value));
    const first = startOf(parent.items[0]);
    if (first === undefined) return undefined;
    const indent = isSeq(parent) ? this.column(this.dash(first)) : this.column(first);
    const entry = isSeq(parent) ? renderItem(value, path, indent) : renderEntry(String(part), value, path, indent);
    const before = isSeq(parent) ? at : sectionPlace(parent, path);
    if (before < parent.items.length) {
      const next = startOf(parent.items[before]);
      if (next === undefined) return undefined;
      // The first entry of a mapping in a list stands behind the dash, in a line that is not its own.
      if (isMap(parent) && this.text.slice(this.startOfLine(next), next).trim() !== '') return undefined;
      const start = this.above(this.startOfLine(isSeq(parent) ? this.dash(next) : next), indent);
      return { start, end: start, by: `${' '.repeat(indent)}${entry}\n` };
    }
    const start = this.endOfLine(contentEnd(parent, this.text));
    return { start, end: start, by: `\n${' '.repeat(indent)}${entry}` };
  }

  private addInFlow(parent: YAMLMap | YAMLSeq, at: number, entry: string): Splice | undefined {
    if (at < parent.items.length) {
      const start = startOf(parent.items[at]);
      return start === undefined ? undefined : { start, end: start, by: `${entry}, ` };
    }
    const start = contentEnd(itemValue(parent.items.at(-1)), this.text);
    return { start, end: start, by: `, ${entry}` };
  }

  private remove(parent: YAMLMap | YAMLSeq, part: string | number, path: DocumentPath): Splice | undefined {
    const index = isSeq(parent) ? Number(part) : pairIndex(parent as YAMLMap, part); // no list, so a mapping
    const item = parent.items[index];
    const start = startOf(item);
    if (start === undefined) return { start: 0, end: 0, by: '' };
    if (parent.items.length === 1) return this.empty(parent, path);
    const end = contentEnd(itemValue(item) ?? (item as NodePair).key, this.text); // an item without a value is a pair
    if (parent.flow === true) {
      const next = startOf(parent.items[index + 1]);
      if (next !== undefined) return { start, end: next, by: '' };
      return { start: contentEnd(itemValue(parent.items[index - 1]), this.text), end, by: '' };
    }
    const head = isSeq(parent) ? this.dash(start) : start;
    const line = this.startOfLine(head);
    if (this.text.slice(line, head).trim() !== '') return undefined;
    const lineEnd = Math.min(this.text.length, this.endOfLine(end) + 1);
    // What stands above the first section is the document's, not the section's.
    return { start: path.length < 2 ? line : this.above(line, head - line), end: lineEnd, by: '' };
  }

  /** A collection that loses its last part: `{}` or `[]`. */
  private empty(parent: YAMLMap | YAMLSeq, path: DocumentPath): Splice | undefined {
    const by = isSeq(parent) ? '[]' : '{}';
    const [start = 0] = parent.range ?? [];
    const end = contentEnd(parent, this.text);
    if (parent.flow === true) return { start, end, by };
    if (path.length < 2) return undefined;
    const above = this.text.slice(0, start);
    const gap = /(:|-)\s*(#[^\n]*\s*)*$/.exec(above);
    return gap === null ? undefined : { start: gap.index + 1, end, by: ` ${by}` };
  }

  /** The start of the comment lines that stand right above a line, at its indentation. */
  private above(line: number, indent: number): number {
    let start = line;
    while (start > 0) {
      const before = this.startOfLine(start - 1);
      const [spaces, comment] = [
        /^ */.exec(this.text.slice(before, start))?.[0].length,
        this.text.slice(before, start).trimStart().startsWith('#'),
      ];
      if (!comment || spaces !== indent) break;
      start = before;
    }
    return start;
  }

  private dash(itemStart: number): number {
    return this.text.lastIndexOf('-', itemStart - 1);
  }

  private startOfLine(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  private endOfLine(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end < 0 ? this.text.length : end;
  }

  private column(offset: number | undefined): number {
    return offset === undefined ? 0 : offset - this.startOfLine(offset);
  }
}

/** Sections keep their usual order: a new one comes before those that follow it. */
const sections = ['app', 'label', 'description', 'models', 'topics', 'tables', 'agents', 'settings', 'layout'];

function sectionPlace(map: YAMLMap, path: DocumentPath): number {
  const rank = sections.indexOf(String(path[0]));
  if (path.length !== 1 || rank < 0) return map.items.length;
  const later = map.items.findIndex(({ key }) => isScalar(key) && sections.indexOf(String(key.value)) > rank);
  return later < 0 ? map.items.length : later;
}

const flowEntry = (key: string | number, value: unknown): string => renderFlow({ [key]: value }).slice(2, -2);

/** A text in quotes stays in quotes, of the same kind where that can be. */
function keepQuotes(old: string, value: unknown, rendered: string): string {
  if (typeof value !== 'string' || !/^["']/.test(old)) return rendered;
  if (/^["']/.test(rendered)) return rendered;
  return old.startsWith("'") && !value.includes("'") ? `'${value}'` : JSON.stringify(value);
}

const isBlockCollection = (node: Node | null): boolean => isCollection(node) && node.flow !== true;

function pairIndex(map: YAMLMap, name: string | number): number {
  return map.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(name));
}

function pairIn(map: YAMLMap, name: string | number): NodePair | undefined {
  return map.items[pairIndex(map, name)] as NodePair | undefined; // pairs of a parsed mapping hold nodes
}

/** Undefined where there is nothing; null where a key stands without a value. */
function childOf(parent: YAMLMap | YAMLSeq, part: string | number): Node | null | undefined {
  if (isMap(parent)) return pairIn(parent, part)?.value;
  return typeof part === 'number' ? (parent.items[part] as Node | undefined) : undefined; // items of a parsed list are nodes
}

const itemValue = (item: unknown): Node | null =>
  isPairItem(item) ? item.value : ((item as Node | undefined) ?? null); // else a list's node

const isPairItem = (item: unknown): item is NodePair =>
  typeof item === 'object' && item !== null && 'key' in item && 'value' in item && !('range' in item);

function startOf(item: unknown): number | undefined {
  const node = isPairItem(item) ? item.key : (item as Node | undefined); // else a list's node
  return node?.range?.[0];
}

/** Where the last character of a node stands, comments and blank lines after it left out. */
function contentEnd(node: Node | null | undefined, text: string): number {
  if (node === null || node === undefined || !node.range) return 0;
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    const value = itemValue(last);
    const end = contentEnd(value, text);
    return end > 0 || !isPairItem(last) ? end : text.indexOf(':', last.key.range?.[1] ?? 0) + 1;
  }
  const [start, end] = node.range;
  return start + text.slice(start, end).trimEnd().length;
}

function valueIn(data: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<string | number, unknown> | undefined)?.[part], data); // the edit has put it there
}
