import type { Metadata } from 'next';
import { Suspense } from 'react';
import { HomePage } from '#features/home/home-page.tsx';

export const metadata: Metadata = { title: 'Apps' };

export default function Page() {
  return (
    <Suspense>
      <HomePage />
    </Suspense>
  );
}
