import { type NextRequest, NextResponse } from 'next/server';

/** Pages alone: what has its name from its content, and the API, run nothing. */
export const config = { matcher: ['/((?!api/|_next/|socket.io|icon.svg).*)'] };

/**
 * Scripts run when they carry the page's number, which Next gives to its own; nothing comes from elsewhere, and nobody frames us. Styles may be
 * inline: the editor and the canvas place things with them. In development React evaluates code to show where errors come from.
 */
export function proxy(request: NextRequest): Response {
  const nonce = btoa(crypto.randomUUID());
  const dev = process.env.NODE_ENV === 'development';
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}
