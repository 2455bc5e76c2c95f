import type { Metadata } from 'next';
import { Suspense } from 'react';
import { EnginesPage } from '#features/engines/engines-page.tsx';

export const metadata: Metadata = { title: 'Engines' };

export default function Page() {
  return (
    <Suspense>
      <EnginesPage />
    </Suspense>
  );
}
