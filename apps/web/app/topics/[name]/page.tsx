import type { Metadata } from 'next';
import { Suspense } from 'react';
import { TopicPage } from '#features/topics/topic-page.tsx';

interface Props {
  readonly params: Promise<{ readonly name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  const { name } = await params;
  return (
    <Suspense>
      <TopicPage key={name} topic={decodeURIComponent(name)} />
    </Suspense>
  );
}
