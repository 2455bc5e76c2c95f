import type { Metadata } from 'next';
import { Suspense } from 'react';
import { TopicsPage } from '#features/topics/topics-page.tsx';

export const metadata: Metadata = { title: 'Topics' };

export default function Page() {
  return (
    <Suspense>
      <TopicsPage />
    </Suspense>
  );
}
