'use client';
import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react';
import { CircleX } from 'lucide-react';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { refusalOf } from './connections.ts';

/** The channel while it is being drawn; over something that does not fit, the reason stands at the pointer. */
export function ConnectionLine({
  fromX,
  fromY,
  toX,
  toY,
  fromPosition,
  toPosition,
  fromNode,
  toNode,
  fromHandle,
}: ConnectionLineComponentProps) {
  const { store } = useEditorServices();
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const document = store.getState().draft.reading?.document;
  const ends = fromHandle.type === 'source' ? [fromNode.id, toNode?.id] : [toNode?.id, fromNode.id];
  const refusal =
    document && toNode && toNode.id !== fromNode.id && ends[0] !== undefined && ends[1] !== undefined
      ? refusalOf(document, ends[0], ends[1])
      : null;
  return (
    <g>
      <path
        d={path}
        fill="none"
        stroke={refusal === null ? 'var(--accent)' : 'var(--bad-mark)'}
        strokeWidth={2}
        strokeDasharray="5 4"
      />
      {refusal !== null && (
        <foreignObject x={toX + 12} y={toY + 8} width={280} height={120} className="overflow-visible">
          <p
            role="status"
            className="inline-flex w-max max-w-[280px] items-start gap-1.5 rounded-control border border-bad-line bg-bad-tint px-2 py-1 text-12 text-bad shadow-over"
          >
            <CircleX aria-hidden="true" size={12} className="mt-0.5 shrink-0" />
            {refusal}
          </p>
        </foreignObject>
      )}
    </g>
  );
}
