import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DeadLettersPage } from '#features/dead-letters/dead-letters-page.tsx';

export const metadata: Metadata = { title: 'Dead letters' };

export default function Page() {
  return (
    <Suspense>
      <DeadLettersPage />
    </Suspense>
  );
}
