import type { Metadata } from 'next';
import { PageFrame } from '#features/shell/page-frame.tsx';
import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/empty-state.tsx';

export const metadata: Metadata = { title: 'No such page' };

/** An address that leads nowhere: it is said, and the ways on are here and in the rail. */
export default function NotFound() {
  return (
    <PageFrame crumbs={[{ label: 'No such page' }]}>
      <EmptyState
        title="There is no page at this address"
        action={
          <>
            <ButtonLink href="/">All apps</ButtonLink>
            <ButtonLink href="/topics">Topics</ButtonLink>
            <ButtonLink href="/tables">Tables</ButtonLink>
          </>
        }
      >
        The link may be of another version of Millrace, or have been cut short.
      </EmptyState>
    </PageFrame>
  );
}
