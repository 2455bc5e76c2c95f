import type { Graph, GraphNode } from '@millrace/spec';

/** The measures that nodes are drawn with; layout and ports use the same. All in px of the canvas at 100 %. */
export const headerHeight = 34;
export const lineHeight = 26;
export const stepHeight = 38;
export const widths = { topic: 164, agent: 224, table: 226 } as const;

const topicFooter = 40;
const agentFooter = 42;
const windowsHeight = 58;
const tableFooter = 30;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function nodeSize(node: GraphNode): Size {
  const width = widths[node.kind];
  switch (node.kind) {
    case 'topic':
      return { width, height: headerHeight + 3 * lineHeight + topicFooter };
    case 'agent':
      return { width, height: headerHeight + 30 + Math.max(1, node.element.steps.length) * stepHeight + agentFooter };
    case 'table':
      return {
        width,
        height:
          headerHeight +
          30 +
          (node.element.window ? windowsHeight : 0) +
          10 +
          Object.keys(node.element.value).length * 22 +
          tableFooter,
      };
  }
}

/** Where a port sits, from the node's top: at the line whose type it carries. */
export function portTop(node: GraphNode, port: string | null): number {
  const firstLine = headerHeight + 15;
  if (node.kind === 'topic') return headerHeight + 4 + lineHeight * 1.5;
  if (node.kind === 'table' || port === null) return firstLine;
  const index = node.element.steps.findIndex((step) => step.id === port);
  return headerHeight + 30 + (index < 0 ? node.element.steps.length : index + 0.5) * stepHeight;
}

export const sizesOf = (graph: Graph): ReadonlyMap<string, Size> =>
  new Map(graph.nodes.map((node) => [node.id, nodeSize(node)]));
