import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { Type } from '../document/type.ts';
import { graphOf } from '../graph/graph.ts';
import type { Problem } from '../problem.ts';

/** Events that would go round for ever, and models that hold themselves and so could never end. */
export const cycles = (document: AppDocument): Problem[] => [...loops(document), ...endlessModels(document)];

/** A walk through a graph, depth first; each cycle is found once, as the nodes on it. Without recursion: a way may be as long as a document. */
function findCycles(nodes: Iterable<string>, next: (node: string) => readonly string[]): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  for (const root of nodes) {
    if (done.has(root)) continue;
    const way: { readonly node: string; readonly below: Iterator<string> }[] = [];
    const placeOnWay = new Map<string, number>();
    const enter = (node: string): void => {
      placeOnWay.set(node, way.length);
      way.push({ node, below: next(node)[Symbol.iterator]() });
    };
    enter(root);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const step = top.below.next();
      if (step.done === true) {
        way.pop();
        placeOnWay.delete(top.node);
        done.add(top.node);
        continue;
      }
      const start = placeOnWay.get(step.value);
      if (start !== undefined) found.push(way.slice(start).map(({ node }) => node));
      else if (!done.has(step.value)) enter(step.value);
    }
  }
  return found;
}

function loops(document: AppDocument): Problem[] {
  const { nodes, edges } = graphOf(document);
  const below = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const others = below.get(from);
    if (others === undefined) below.set(from, [to]);
    else others.push(to);
  }
  return findCycles(
    nodes.map(({ id }) => id),
    (node) => below.get(node) ?? [],
  ).map((cycle): Problem => {
    const agent = cycle.find((node) => node.startsWith('agent:')) ?? '';
    const way = [...cycle, cycle[0] ?? ''].map((node) => node.replace(':', ' '));
    return {
      code: 'cyclic-reference',
      severity: 'error',
      path: ['agents', agent.slice('agent:'.length)],
      message: `Events would go round for ever: ${wayText(way)}`,
      hint: 'Take out one of these connections.',
    };
  });
}

function endlessModels(document: AppDocument): Problem[] {
  const { models } = document;
  const needs = (name: string): string[] =>
    Object.values(own(models, name)?.fields ?? {}).flatMap((field) => (field.optional ? [] : required(field.type)));
  return findCycles(Object.keys(models), needs).map((cycle): Problem => {
    const [first = ''] = cycle;
    return {
      code: 'cyclic-reference',
      severity: 'error',
      path: ['models', first],
      message: `The model ${first} holds itself without end: ${wayText([...cycle, first])}`,
      hint: 'Make one of the fields on the way optional, or a list.',
    };
  });
}

/** A long way without its middle. */
const wayText = (way: readonly string[]): string =>
  (way.length <= 12 ? way : [...way.slice(0, 6), '…', ...way.slice(-5)]).join(' → ');

/** The models without which there is no value of a type; a list may be empty. */
function required(type: Type): string[] {
  if (type.kind === 'model') return [type.model];
  if (type.kind === 'record')
    return Object.values(type.fields).flatMap((field) => (field.optional ? [] : required(field.type)));
  return [];
}
