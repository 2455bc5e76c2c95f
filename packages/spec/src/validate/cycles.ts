import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { Type } from '../document/type.ts';
import { graphOf } from '../graph/graph.ts';
import type { Problem } from '../problem.ts';

/** Events that would go round for ever, and models that hold themselves and so could never end. */
export const cycles = (document: AppDocument): Problem[] => [...loops(document), ...endlessModels(document)];

/** A walk through a graph, depth first; each cycle is found once, as the nodes on it. */
function findCycles(nodes: Iterable<string>, next: (node: string) => readonly string[]): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (node: string, way: readonly string[]): void => {
    const start = way.indexOf(node);
    if (start >= 0) {
      found.push(way.slice(start));
      return;
    }
    if (done.has(node)) return;
    for (const to of next(node)) walk(to, [...way, node]);
    done.add(node);
  };
  for (const node of nodes) walk(node, []);
  return found;
}

function loops(document: AppDocument): Problem[] {
  const { nodes, edges } = graphOf(document);
  const below = new Map<string, string[]>();
  for (const { from, to } of edges) below.set(from, [...(below.get(from) ?? []), to]);
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
      message: `Events would go round for ever: ${way.join(' → ')}`,
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
      message: `The model ${first} holds itself without end: ${[...cycle, first].join(' → ')}`,
      hint: 'Make one of the fields on the way optional, or a list.',
    };
  });
}

/** The models without which there is no value of a type; a list may be empty. */
function required(type: Type): string[] {
  if (type.kind === 'model') return [type.model];
  if (type.kind === 'record')
    return Object.values(type.fields).flatMap((field) => (field.optional ? [] : required(field.type)));
  return [];
}
