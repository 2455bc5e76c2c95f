import dagre from '@dagrejs/dagre';
import type { LayOutRow } from './layout.ts';

/** A row by dagre, from left to right. Loaded only when something has no place yet. */
export const dagreRow: LayOutRow = (nodes, edges) => {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 48, ranksep: 104, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, size } of nodes) graph.setNode(id, { ...size });
  for (const edge of edges) graph.setEdge(edge.from, edge.to);
  dagre.layout(graph);
  return new Map(
    nodes.map(({ id, size }) => {
      const { x, y } = graph.node(id) as { x: number; y: number }; // dagre.layout has just placed every node
      return [id, { x: x - size.width / 2, y: y - size.height / 2 }];
    }),
  );
};
