import { ApiFailure } from '#lib/api-client/request.ts';
import { ButtonLink } from '#ui/button-link.tsx';
import { EmptyState } from '#ui/empty-state.tsx';

/** Whether what was asked for is not there, as far as Millrace itself says. */
export const isMissing = (error: Error | null): boolean =>
  error instanceof ApiFailure && error.code.includes('not-found');

/** Stands where a page of an app would. */
export function NoSuchApp({ app }: { readonly app: string }) {
  return (
    <EmptyState title={`There is no app ${app}`} action={<ButtonLink href="/">All apps</ButtonLink>}>
      It may have been deleted, or was never created in this workspace.
    </EmptyState>
  );
}
