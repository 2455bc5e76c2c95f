import type { DataflowEdge } from './dataflow.ts';

/** By the node that they lead to. */
export type Edges = ReadonlyMap<string, readonly DataflowEdge[]>;

/** These nodes and all that forward edges bring to them, each behind what leads to it; in a circle, somewhere. */
export function upstreamFirst(nodes: Iterable<string>, into: Edges): string[] {
  const sorted: string[] = [];
  const seen = new Set<string>();
  for (const start of nodes) {
    const stack = [{ node: start, done: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top.done) sorted.push(top.node);
      if (top.done || seen.has(top.node)) continue;
      seen.add(top.node);
      stack.push({ node: top.node, done: true });
      // The first one is to be looked at first, and so stands last on the stack.
      for (const { kind, from } of (into.get(top.node) ?? []).toReversed())
        if (kind === 'forward') stack.push({ node: from.node, done: false });
    }
  }
  return sorted;
}
