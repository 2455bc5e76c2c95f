import type { Metadata } from 'next';
import { EditorPage } from '#features/editor/editor-page.tsx';

interface Params {
  readonly params: Promise<{ readonly app: string }>;
}

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: decodeURIComponent((await params).app) };
}

export default async function Page({ params }: Params) {
  return <EditorPage app={decodeURIComponent((await params).app)} />;
}
