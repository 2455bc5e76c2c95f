import type { Graph, GraphEdge } from '@millrace/spec';
import { type Size, sizesOf } from './anatomy.ts';

export interface Position {
  readonly x: number;
  readonly y: number;
}
export type Positions = ReadonlyMap<string, Position>;

/** Lays out one part of the graph from left to right; gives each node's top left corner. */
export type LayOutRow = (nodes: readonly { readonly id: string; readonly size: Size }[], edges: readonly GraphEdge[]) => Positions;

const rowGap = 96;
const margin = 24;

/** Nodes that records and state connect belong to one row; a table's changes lead to the next. */
export function rowsOf(graph: Graph): readonly (readonly string[])[] {
  const row = new Map(graph.nodes.map((node) => [node.id, node.id]));
  const root = (id: string): string => {
    const above = row.get(id) ?? id;
    return above === id ? id : root(above);
  };
  for (const edge of graph.edges) if (edge.kind !== 'changes') row.set(root(edge.from), root(edge.to));
  const rows = new Map<string, string[]>();
  for (const node of graph.nodes) rows.set(root(node.id), [...(rows.get(root(node.id)) ?? []), node.id]);
  return inFallingOrder([...rows.values()], graph);
}

/** A row whose agents read a table's changes comes after the table's own row. */
function inFallingOrder(rows: readonly (readonly string[])[], graph: Graph): readonly (readonly string[])[] {
  const placed: (readonly string[])[] = [];
  const rest = [...rows];
  const isPlaced = (id: string) => placed.some((row) => row.includes(id));
  while (rest.length > 0) {
    const ready = rest.findIndex((row) => graph.edges.every((edge) => edge.kind !== 'changes' || !row.includes(edge.to) || row.includes(edge.from) || isPlaced(edge.from)));
    // Rows that feed each other in a ring: any may come first.
    placed.push(...rest.splice(Math.max(0, ready), 1));
  }
  return placed;
}

/** Records flow right; a table's changes fall down: each row is laid out on its own and hung below the table that feeds it. */
export function layOut(graph: Graph, layOutRow: LayOutRow): Positions {
  const sizes = sizesOf(graph);
  const sizeOf = (id: string): Size => sizes.get(id) ?? { width: 0, height: 0 };
  const positions = new Map<string, Position>();
  let bottom = margin - rowGap;
  for (const row of rowsOf(graph)) {
    const inside = graph.edges.filter((edge) => edge.kind !== 'changes' && row.includes(edge.from) && row.includes(edge.to));
    const local = layOutRow(row.map((id) => ({ id, size: sizeOf(id) })), inside);
    const feed = graph.edges.find((edge) => edge.kind === 'changes' && row.includes(edge.to) && positions.has(edge.from));
    const table = feed && positions.get(feed.from);
    const agent = feed && local.get(feed.to);
    const shiftX = feed && table && agent ? Math.max(margin, table.x + sizeOf(feed.from).width / 2 - sizeOf(feed.to).width / 2 - agent.x) : margin;
    const above = table && feed ? Math.max(...graph.nodes.filter((node) => positions.has(node.id)).map((node) => bottomBeside(node.id))) : bottom;
    const shiftY = above + rowGap;
    for (const [id, { x, y }] of local) positions.set(id, { x: Math.round(x + shiftX), y: Math.round(y + shiftY) });
    bottom = Math.max(bottom, ...row.map(bottomBeside));
  }
  return positions;

  function bottomBeside(id: string): number {
    return (positions.get(id)?.y ?? 0) + sizeOf(id).height;
  }
}

/** Where a new element goes: right of everything, at the height of what it belongs to. */
export function freePlace(graph: Graph, positions: Positions): Position {
  const sizes = sizesOf(graph);
  const right = Math.max(0, ...[...positions].map(([id, { x }]) => x + (sizes.get(id)?.width ?? 0)));
  const top = Math.min(...[...positions.values()].map(({ y }) => y), 400);
  return positions.size === 0 ? { x: margin * 2, y: margin * 3 } : { x: right + 100, y: top };
}
