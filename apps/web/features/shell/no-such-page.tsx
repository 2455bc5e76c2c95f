import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/empty-state.tsx';
import { PageFrame } from './page-frame.tsx';

/** An address that leads nowhere: it is said, and the ways on are here and in the rail. */
export function NoSuchPage() {
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
