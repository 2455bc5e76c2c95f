import { type Document, isScalar, isSeq, LineCounter, type Node, type Scalar, visit, YAMLParseError } from 'yaml';
import { Decimal } from '../numbers/decimal.ts';
import { compareNumbers } from '../numbers/order.ts';
import { yamlTree } from './yaml-tree.ts';

/**
 * Reads a document's text as YAML 1.2. Keys, and the values of an `enum`, are the text that is written: `007`, `1.0`, `True`, `~` and `1e3` are
 * names like any other, and two that differ in writing are two. A number that a JavaScript number would not keep is its text, as if it stood in quotes. What else is not YAML stands in the document's errors.
 * @throws TooMuchYaml; RangeError where the text nests too deeply
 */
export function readYaml(text: string, lineCounter = new LineCounter()): Document.Parsed {
  const yaml = yamlTree(text, lineCounter);
  if (yaml.errors.length > 0) return yaml;
  visit(yaml, {
    Scalar: (_, node) => {
      if (losesDigits(node)) asWritten(node);
    },
    Map: (_, { items }) => {
      const names = new Set<string>();
      for (const { key } of items) {
        asWritten(key);
        const name = written(key);
        if (name !== undefined && names.has(name))
          yaml.errors.push(duplicate(key as Node)); // as: what is written is a node
        else if (name !== undefined) names.add(name);
      }
    },
    Pair: (_, { key, value }) => {
      if (isScalar(key) && key.value === 'enum' && isSeq(value)) for (const item of value.items) asWritten(item);
    },
  });
  return yaml;
}

const duplicate = ({ range }: Node): YAMLParseError =>
  new YAMLParseError([range?.[0] ?? 0, range?.[1] ?? 0], 'DUPLICATE_KEY', 'Map keys must be unique');

/** The text of a scalar that is there; undefined of anything else. */
export function written(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : node.source || undefined;
}

/** A number of 9007199254740993, 1e400 or 20 digits behind the point. */
function losesDigits({ value, source }: Scalar): boolean {
  if (
    typeof value !== 'number' ||
    source === undefined ||
    !/^[-+.\d]/.test(source) ||
    /^[-+]?(0[xo]|\.(inf|nan))/i.test(source)
  )
    return false;
  const exact = Decimal.read(source);
  return exact === undefined ? !Number.isFinite(value) : compareNumbers(exact, value) !== 0;
}

function asWritten(node: unknown): void {
  const text = written(node);
  if (text !== undefined && isScalar(node)) node.value = text;
}

/** The line that asks for another YAML than 1.2, in which `no` and `12:30` would be no texts; undefined where there is none. */
export function foreignVersion(yaml: Document<Node, boolean>): string | undefined {
  const { version, explicit } = yaml.directives?.yaml ?? {};
  return explicit === true && version !== '1.2' ? version : undefined;
}
