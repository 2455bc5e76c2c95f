import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Span } from '../problem.ts';

/** What a document may hold, aliases counted as what they stand for: far above what a person writes, and soon checked. */
const maxValues = 100_000;
const maxEntries = 2_000;

/** Why a YAML tree is no document, with its place in the text. */
export interface TreeFault {
  readonly code: 'bad-yaml' | 'too-large';
  readonly message: string;
  readonly range: Span;
}

/** At most so many faults are told. */
const maxFaults = 5;

/** A YAML tree as plain data, in one walk; `data` says nothing when there are faults. */
export function plainData(yaml: Document): { readonly data: unknown; readonly faults: readonly TreeFault[] } {
  const reader = new TreeReader();
  const { data } = reader.read(yaml.contents as Node | null); // the contents of a parsed document
  return { data, faults: reader.faults };
}

/** A node's value, and how many values it is made of. */
interface Read {
  readonly data: unknown;
  readonly values: number;
}

/**
 * The library's own `toJS` looks through the whole tree for each anchor: minutes for texts that are well below the limit of length.
 */
class TreeReader {
  readonly faults: TreeFault[] = [];
  /** By name, the newest before the place of reading; null while the node that carries it is being read. */
  readonly #anchored = new Map<string, Read | null>();
  #values = 0;

  read(node: Node | null): Read {
    if (node === null || this.#full) return { data: null, values: 1 };
    if (isAlias(node)) return this.#alias(node.source, node);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchored.set(anchor, null);
    const before = this.#values;
    const data = this.#content(node);
    const read = { data, values: this.#values - before };
    if (anchor !== undefined) this.#anchored.set(anchor, read);
    return read;
  }

  get #full(): boolean {
    return this.#values > maxValues || this.faults.length >= maxFaults;
  }

  #content(node: Node): unknown {
    this.#count(1, node);
    if (isScalar(node)) return node.value;
    if (isSeq(node)) {
      this.#bound(node.items.length, node);
      return node.items.map((item) => this.read(item as Node | null).data); // items of a parsed sequence are nodes
    }
    return isMap(node) ? this.#mapping(node, node.items as Pair<Node, Node | null>[]) : null; // pairs of a parsed mapping hold nodes
  }

  #mapping(node: Node, pairs: readonly Pair<Node, Node | null>[]): Record<string, unknown> {
    this.#bound(pairs.length, node);
    const data: Record<string, unknown> = {};
    for (const { key, value } of pairs) {
      const name = this.#name(key);
      // Defined, not assigned: a key may be called __proto__.
      Object.defineProperty(data, name, {
        value: this.read(value).data,
        writable: true,
        enumerable: true,
        configurable: true,
      });
      if (this.#full) break;
    }
    return data;
  }

  #name(key: Node): string {
    const { data } = this.read(key);
    if (typeof data !== 'object' || data === null) return data === null ? '' : String(data);
    this.#fault('bad-yaml', 'A key is a name, not a list or a mapping', key);
    return '';
  }

  #alias(name: string, node: Node): Read {
    const read = this.#anchored.get(name);
    if (read === undefined) this.#fault('bad-yaml', `*${name} stands for &${name}, which is nowhere before it`, node);
    else if (read === null) this.#fault('bad-yaml', `*${name} stands inside what it stands for`, node);
    else this.#count(read.values, node);
    return read ?? { data: null, values: 1 };
  }

  #count(values: number, node: Node): void {
    const before = this.#values;
    this.#values += values;
    if (before <= maxValues && this.#values > maxValues)
      this.#fault(
        'too-large',
        `The document has more than ${maxValues} values, aliases counted as what they stand for`,
        node,
      );
  }

  #bound(entries: number, node: Node): void {
    if (entries > maxEntries)
      this.#fault('too-large', `A list or a mapping has at most ${maxEntries} entries; here are ${entries}`, node);
  }

  #fault(code: TreeFault['code'], message: string, node: Node): void {
    if (this.faults.length >= maxFaults) return;
    const [start, end] = node.range ?? [0, 0];
    this.faults.push({ code, message, range: { start, end } });
  }
}
