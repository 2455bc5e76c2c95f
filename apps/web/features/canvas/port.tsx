'use client';
import { Handle, Position, useNodeConnections } from '@xyflow/react';
import { cx } from '#ui/cx.ts';

const looks = '!rounded-[2px] !border !border-outline !bg-raised group-hover/node:!border-accent';

/** A small gate in the node's side, at the line whose type it carries. One that nothing ends in shows when it can be used. */
export function Port({
  id,
  type,
  side,
  top,
  label,
}: {
  readonly id: string;
  readonly type: 'source' | 'target';
  readonly side: 'left' | 'right' | 'top' | 'bottom';
  readonly top?: number;
  readonly label: string;
}) {
  const wired = useNodeConnections({ handleType: type, handleId: id }).length > 0;
  const upright = side === 'left' || side === 'right';
  const positions = { left: Position.Left, right: Position.Right, top: Position.Top, bottom: Position.Bottom };
  return (
    <Handle
      id={id}
      type={type}
      position={positions[side]}
      title={label}
      style={{
        ...(upright ? { width: 6, height: 15 } : { width: 15, height: 6 }),
        ...(top === undefined ? {} : { top }),
      }}
      className={cx(looks, !wired && 'unwired')}
    />
  );
}
