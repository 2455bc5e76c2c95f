import { type ReactFlowState, useStore } from '@xyflow/react';

/** What the legend and the toolbar below it take of the canvas's lower left corner, px. */
const corner = { width: 310, height: 140 };

/** Whether a node lies there: then the legend gives way to it. */
function isCovered({ nodeLookup, transform: [x, y, zoom], height }: ReactFlowState): boolean {
  for (const { internals, measured } of nodeLookup.values()) {
    const left = internals.positionAbsolute.x * zoom + x;
    const top = internals.positionAbsolute.y * zoom + y;
    const bottom = top + (measured.height ?? 0) * zoom;
    if (
      left < corner.width &&
      left + (measured.width ?? 0) * zoom > 0 &&
      bottom > height - corner.height &&
      top < height
    )
      return true;
  }
  return false;
}

/** What the channels mean, for those who see them for the first time. */
export function Legend() {
  if (useStore(isCovered)) return null;
  return (
    <ul aria-label="Legend" className="flex flex-col gap-1.5 text-11 text-text-2 max-wide:hidden">
      <li className="flex items-center gap-2">
        <Sample water={2} />
        records flow right, a table’s changes fall down
      </li>
      <li className="flex items-center gap-2">
        <Sample water={5} />
        the fuller the channel, the more is waiting
      </li>
      <li className="flex items-center gap-2">
        <svg aria-hidden="true" width="34" height="9">
          <path d="M0 4.500H34" stroke="var(--outline)" strokeWidth="1.200" strokeDasharray="4 4" />
        </svg>
        not deployed yet
      </li>
    </ul>
  );
}

function Sample({ water }: { readonly water: number }) {
  return (
    <svg aria-hidden="true" width="34" height="9">
      <path d="M0 0.500H34M0 8.500H34" stroke="var(--line-2)" />
      <path d="M0 4.500H34" stroke="var(--water)" strokeWidth={water} />
      <path d="M8 4.500h8m6 0h8" stroke={water > 3 ? 'var(--spark)' : 'var(--accent)'} strokeWidth="1.200" />
    </svg>
  );
}
