'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { type ReactNode, useState } from 'react';
import { ApiFailure } from '#lib/api-client/request.ts';

/** Another try may help where nobody answered, or something failed; not where the answer is that there is no such thing. */
const mayHelp = (tries: number, error: Error): boolean =>
  tries < 2 && !(error instanceof ApiFailure && error.code.includes('not-found'));

/** What the whole dashboard stands on: theme, and questions to the API. */
export function Providers({ nonce, children }: { readonly nonce: string | undefined; readonly children: ReactNode }) {
  const [queries] = useState(
    () =>
      new QueryClient({ defaultOptions: { queries: { staleTime: 2000, retry: mayHelp, refetchOnWindowFocus: true } } }),
  );
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce === undefined ? {} : { nonce })}
    >
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </ThemeProvider>
  );
}
