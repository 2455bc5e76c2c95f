import { Cell, Row } from './data-table.tsx';

/** The table's shape in grey bars while its first answer is on the way; widths in px, a column each. */
export function SkeletonRows({
  rows,
  widths,
  size = 'one',
}: {
  readonly rows: number;
  readonly widths: readonly number[];
  readonly size?: 'one' | 'two';
}) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore-start lint/suspicious/noArrayIndexKey: rows without content have no identity but their place
    <Row key={row} size={size} aria-hidden="true">
      {widths.map((width, column) => (
        <Cell key={column}>
          <span
            className="block h-2 rounded-tag bg-line-2"
            style={{ width: Math.round(width * (1 - ((row * 3 + column) % 4) * 0.12)) }}
          />
        </Cell>
      ))}
    </Row>
    // biome-ignore-end lint/suspicious/noArrayIndexKey: rows without content have no identity but their place
  ));
}
