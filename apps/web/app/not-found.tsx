import type { Metadata } from 'next';
import { NotFound } from '#features/shell/not-found.tsx';

export const metadata: Metadata = { title: 'No such page' };

export default function NotFoundPage() {
  return <NotFound />;
}
