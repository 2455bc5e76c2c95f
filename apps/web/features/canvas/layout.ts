import type { Graph, GraphEdge } from '@millrace/spec';
import { portTop, type Size, sizesOf } from './anatomy.ts';

export interface Position {
  readonly x: number;
  readonly y: number;
}
export type Positions = ReadonlyMap<string, Position>;

/** Lays out one part of the graph from left to right; gives each node's top left corner. */
export type LayOutRow = (
  nodes: readonly { readonly id: string; readonly size: Size }[],
  edges: readonly GraphEdge[],
) => Positions;

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
    const ready = rest.findIndex((row) =>
      graph.edges.every(
        (edge) => edge.kind !== 'changes' || !row.includes(edge.to) || row.includes(edge.from) || isPlaced(edge.from),
      ),
    );
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
    const inside = graph.edges.filter(
      (edge) => edge.kind !== 'changes' && row.includes(edge.from) && row.includes(edge.to),
    );
    const local = straightened(
      layOutRow(
        row.map((id) => ({ id, size: sizeOf(id) })),
        inside,
      ),
      inside,
      graph,
      sizeOf,
    );
    const feed = graph.edges.find(
      (edge) => edge.kind === 'changes' && row.includes(edge.to) && positions.has(edge.from),
    );
    const table = feed && positions.get(feed.from);
    const agent = feed && local.get(feed.to);
    const right = Math.max(0, ...[...positions].map(([id, at]) => at.x + sizeOf(id).width));
    const below =
      feed && table && agent ? table.x + sizeOf(feed.from).width / 2 - sizeOf(feed.to).width / 2 - agent.x : margin;
    const overhang = feed ? Math.max(0, ...[...local].map(([id, at]) => at.x + below + sizeOf(id).width - right)) : 0;
    // A row that would stick out moves left, as far as its agent still hangs from the table.
    const shiftX = Math.max(margin, below - Math.min(overhang, feed ? sizeOf(feed.from).width / 2 - 36 : 0));
    const above =
      table && feed
        ? Math.max(...graph.nodes.filter((node) => positions.has(node.id)).map((node) => bottomBeside(node.id)))
        : bottom;
    const shiftY = above + rowGap;
    for (const [id, { x, y }] of local) positions.set(id, { x: Math.round(x + shiftX), y: Math.round(y + shiftY) });
    bottom = Math.max(bottom, ...row.map(bottomBeside));
  }
  return positions;

  function bottomBeside(id: string): number {
    return (positions.get(id)?.y ?? 0) + sizeOf(id).height;
  }
}

const between = 40;

/** Moves nodes up or down until channels run level, port to port, where nothing is in the way; columns and their order stay. */
function straightened(
  row: Positions,
  edges: readonly GraphEdge[],
  graph: Graph,
  sizeOf: (id: string) => Size,
): Positions {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const placed = new Map<string, Position>();
  for (const { ids, left } of columnsOf(row, sizeOf)) {
    let free = Number.NEGATIVE_INFINITY;
    const wanted = ids.map((id) => {
      const node = nodes.get(id);
      const edge = edges.find((one) => one.to === id && placed.has(one.from));
      const from = edge && nodes.get(edge.from);
      const level =
        edge && from && node
          ? (placed.get(edge.from)?.y ?? 0) + portTop(from, edge.fromPort ?? null) - portTop(node, null)
          : undefined;
      return { id, y: level ?? row.get(id)?.y ?? 0 };
    });
    for (const { id, y } of wanted.sort((a, b) => a.y - b.y)) {
      const at = { x: left, y: Math.max(y, free) };
      placed.set(id, at);
      free = at.y + sizeOf(id).height + between;
    }
  }
  const top = Math.min(...[...placed.values()].map(({ y }) => y));
  return new Map([...placed].map(([id, { x, y }]) => [id, { x, y: y - top }]));
}

/** Nodes side by side in x are one column, with a common left edge. */
function columnsOf(
  row: Positions,
  sizeOf: (id: string) => Size,
): readonly { readonly left: number; readonly ids: readonly string[] }[] {
  const columns: { left: number; right: number; ids: string[] }[] = [];
  for (const [id, { x }] of [...row].sort(([, a], [, b]) => a.x - b.x)) {
    const last = columns.at(-1);
    const right = x + sizeOf(id).width;
    if (last && x < last.right) {
      last.ids.push(id);
      last.right = Math.max(last.right, right);
    } else columns.push({ left: x, right, ids: [id] });
  }
  return columns;
}
