import { type NextRequest, NextResponse } from 'next/server';
import { Refusal } from '#lib/api/refusal.ts';
import { guardRequest } from '#lib/api/request-guard.ts';

export const config = { matcher: ['/socket.io', '/socket.io/:path*'] };

/** Live traffic goes to the engine at `ENGINE_URL` as it is when it comes, WebSocket upgrades included: one origin for the browser. */
export function proxy(request: NextRequest): Response {
  try {
    guardRequest(request, { anyContentType: true });
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse();
    throw error;
  }
  const engine = process.env.ENGINE_URL;
  if (engine === undefined || !URL.canParse(engine))
    return new Refusal(503, 'engine-unreachable', 'The dashboard was started without an engine').toResponse();
  return NextResponse.rewrite(new URL(request.nextUrl.pathname + request.nextUrl.search, engine));
}
