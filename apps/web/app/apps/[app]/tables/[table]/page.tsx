import type { Metadata } from 'next';
import { Suspense } from 'react';
import { TablePage } from '#features/tables/table-page.tsx';

interface Props {
  readonly params: Promise<{ readonly app: string; readonly table: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).table) };
}

export default async function Page({ params }: Props) {
  const { app, table } = await params;
  return (
    <Suspense>
      <TablePage app={decodeURIComponent(app)} table={decodeURIComponent(table)} />
    </Suspense>
  );
}
