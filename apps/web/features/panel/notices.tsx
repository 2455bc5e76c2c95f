'use client';
import { useEditorServices } from '#features/editor/editor-context.tsx';
import { useEntities } from '#lib/engine-client/index.ts';
import { formatDay } from '#lib/format.ts';
import { Cell, DataTable, HeadCell, Row } from '#ui/data-table.tsx';

/** What is no failure and worth knowing: times that look like another unit, records that their topic will not keep, partitions that were added. */
export function Notices() {
  const { live } = useEditorServices();
  const notices = useEntities(live, 'notice').toSorted((a, b) => b.atMs - a.atMs);
  const [newest] = notices;
  if (newest === undefined) return null;
  return (
    <section aria-labelledby="notices">
      <h2 id="notices" className="px-4 pt-4 pb-2 text-12 font-semibold">
        Worth knowing
      </h2>
      <DataTable label="Worth knowing">
        <thead>
          <tr>
            <HeadCell className="!pl-4">When</HeadCell>
            <HeadCell>What</HeadCell>
          </tr>
        </thead>
        <tbody>
          {notices.map((notice) => (
            <Row key={notice.id}>
              <Cell className="!pl-4 py-1 align-top tabular">{formatDay(notice.atMs, newest.atMs)}</Cell>
              <Cell wraps className="py-1">
                {notice.words}
              </Cell>
            </Row>
          ))}
        </tbody>
      </DataTable>
    </section>
  );
}
