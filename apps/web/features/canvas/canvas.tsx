'use client';
import '@xyflow/react/dist/style.css';
import './canvas.css';
import { checkConnection, disconnect } from '@millrace/spec';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type Node,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useNodesInitialized,
  useReactFlow,
} from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useEditor, useEditorServices } from '#features/editor/editor-context.tsx';
import { inspectorLiesOver, selectNothing } from '#features/editor/inspector-room.ts';
import { cx } from '#ui/cx.ts';
import { AgentNode } from './agent-node.tsx';
import { nodeSize } from './anatomy.ts';
import { CanvasToolbar } from './canvas-toolbar.tsx';
import { ChannelEdge } from './channel-edge.tsx';
import { ConnectionLine } from './connection-line.tsx';
import { refusalOf } from './connections.ts';
import { channelData } from './edge-data.ts';
import { Legend } from './legend.tsx';
import { TableNode } from './table-node.tsx';
import { TopicNode } from './topic-node.tsx';
import { usePositions } from './use-positions.ts';

const nodeTypes = { topic: TopicNode, agent: AgentNode, table: TableNode };
const edgeTypes = { channel: ChannelEdge };

/** The inspector's width and its margins, where it lies over the canvas. */
const overlayWidth = 360;

/** The document as a graph: what is drawn here is derived from the text, and what is done here edits it. */
export function Canvas() {
  return (
    <ReactFlowProvider>
      <Flow />
    </ReactFlowProvider>
  );
}

function Flow() {
  const { store, changes, stale } = useEditorServices();
  const reading = useEditor((state) => state.draft.reading);
  const broken = useEditor((state) => state.draft.broken);
  const problems = useEditor((state) => state.draft.problems);
  const selected = useEditor((state) => state.selected);
  const [pan, setPan] = useState(false);
  const [connecting, setConnecting] = useState(false);
  const [notice, setNotice] = useState<string | null>(null);
  const { positions, move, arrange } = usePositions();
  const [nodes, setNodes] = useState<Node[]>([]);
  const flow = useReactFlow();
  const measured = useNodesInitialized(); // Before, a fit would leave out the nodes that have no size yet.
  const fitted = useRef(false);
  const paneRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!reading || !positions) return;
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return reading.graph.nodes.map((node) => {
        const { width, height } = nodeSize(node);
        const old = known.get(node.id);
        return {
          ...(old ?? {}),
          id: node.id,
          type: node.kind,
          position: old?.dragging ? old.position : (positions.get(node.id) ?? { x: 0, y: 0 }),
          data: {},
          initialWidth: width,
          initialHeight: height,
          selected: node.id === selected,
          ariaLabel: `${node.kind} ${node.name}`,
          className: 'group/node',
        };
      });
    });
  }, [reading, positions, selected]);

  useEffect(() => {
    if (fitted.current || !measured) return;
    fitted.current = true;
    void flow.fitView({ padding: 0.08, maxZoom: 1, minZoom: 0.4 });
  }, [measured, flow]);

  // What a problem leads to, or a command selects, is brought into sight.
  const focus = useEditor((state) => state.focus);
  useEffect(() => {
    if (!focus || !selected || !flow.getNode(selected)) return;
    void flow.fitView({
      nodes: [{ id: selected }],
      maxZoom: 1,
      padding: 0.4,
      duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 250,
    });
  }, [focus, selected, flow]);

  // Where the inspector lies over the canvas, the selected node is panned free of it.
  useEffect(() => {
    if (!selected || !inspectorLiesOver()) return;
    const node = flow.getInternalNode(selected);
    const pane = paneRef.current;
    if (!node || !pane) return;
    const { x, y, zoom } = flow.getViewport();
    const right = node.internals.positionAbsolute.x * zoom + x + (node.measured.width ?? 0) * zoom;
    const over = right - (pane.clientWidth - overlayWidth);
    if (over > 0) void flow.setViewport({ x: x - over, y, zoom });
  }, [selected, flow]);

  const edges = useMemo<Edge[]>(() => {
    if (!reading) return [];
    return reading.graph.edges.map((edge) => ({
      id: edge.id,
      type: 'channel',
      source: edge.from,
      target: edge.to,
      sourceHandle: edge.kind === 'changes' ? 'changes' : (edge.fromPort ?? 'out'),
      targetHandle: 'in',
      data: channelData(
        edge,
        reading,
        problems,
        changes.get(edge.from) !== 'created' && changes.get(edge.to) !== 'created',
      ),
      ariaLabel: `${edge.kind === 'changes' ? 'changes' : 'records'} from ${edge.from.slice(edge.from.indexOf(':') + 1)} to ${edge.to.slice(edge.to.indexOf(':') + 1)}`,
    }));
  }, [reading, problems, changes]);

  const onNodesChange = useCallback(
    (all: NodeChange[]) => {
      setNodes((before) =>
        applyNodeChanges(
          all.filter((change) => change.type !== 'remove' && change.type !== 'select'),
          before,
        ),
      );
      const moved = all.flatMap((change) =>
        change.type === 'position' && change.dragging === false && change.position
          ? [{ id: change.id, at: change.position }]
          : [],
      );
      if (moved.length > 0) move(moved);
      const chosen = all.findLast((change) => change.type === 'select' && change.selected);
      if (chosen && 'id' in chosen) store.getState().select(chosen.id);
    },
    [move, store],
  );

  const isValid = useCallback(
    (connection: Connection | Edge) => {
      const document = store.getState().draft.reading?.document;
      const { source: from, target: to } = connection;
      return document !== undefined && from !== to && refusalOf(document, from, to) === null;
    },
    [store],
  );
  const onConnect = useCallback(
    (connection: Connection) => {
      const document = store.getState().draft.reading?.document;
      const check = document && checkConnection(document, connection.source, connection.target);
      if (check?.ok) store.getState().edit(check.edits);
    },
    [store],
  );
  const onEdgesDelete = useCallback(
    (removed: Edge[]) => {
      const state = store.getState();
      for (const edge of removed) {
        const graph = state.draft.reading;
        const real = graph?.graph.edges.find((one) => one.id === edge.id);
        const edits = graph && real ? disconnect(graph.document, real) : [];
        if (edits.length > 0) state.edit(edits);
        else setNotice('An agent needs a source: connect another one first, then take this one away.');
      }
    },
    [store],
  );

  return (
    <div ref={paneRef} className={cx('relative min-h-0 flex-1', pan && 'cursor-grab')}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesDelete={onEdgesDelete}
        onConnect={onConnect}
        onConnectStart={() => setConnecting(true)}
        onConnectEnd={() => setConnecting(false)}
        isValidConnection={isValid}
        connectionLineComponent={ConnectionLine}
        connectionRadius={28}
        onPaneClick={() => {
          selectNothing(store);
          setNotice(null);
        }}
        onNodeClick={(_event, node) => store.getState().select(node.id)}
        panOnDrag={pan ? [0, 1, 2] : [1, 2]}
        selectionOnDrag={false}
        panOnScroll
        zoomOnDoubleClick={false}
        nodesDraggable={!pan}
        minZoom={0.25}
        maxZoom={1.75}
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        selectionKeyCode={null}
        className={cx(broken && 'opacity-45', connecting && 'connecting')}
        aria-label="Canvas"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} color="var(--dot)" bgColor="var(--canvas)" />
      </ReactFlow>
      {notice !== null && (
        <p
          role="status"
          className="absolute top-3 left-1/2 -translate-x-1/2 rounded-control border border-warn-line bg-warn-tint px-3 py-1 text-12 text-warn"
        >
          {notice}
        </p>
      )}
      <div
        className={cx(
          'pointer-events-none absolute bottom-3 left-3 flex flex-col items-start gap-3',
          stale && 'grayscale',
        )}
      >
        <Legend />
        <CanvasToolbar pan={pan} onPan={setPan} onArrange={() => void arrange()} />
      </div>
    </div>
  );
}
