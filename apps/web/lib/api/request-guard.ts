import { allowedHostsFrom, siteRefusal } from '@millrace/protocol';
import { Refusal } from './refusal.ts';

/**
 * Refuses what a page of another site could send: a `Host` that is not this machine's (a name that was rebound to it), a foreign `Origin`,
 * and a write in a content type that browsers send without asking first.
 * @throws Refusal 403, 415
 */
export function guardRequest(request: Request): void {
  const asker = {
    host: request.headers.get('host') ?? new URL(request.url).host,
    origin: request.headers.get('origin') ?? undefined,
  };
  const refusal = siteRefusal(asker, allowedHostsFrom(process.env.MILLRACE_ALLOWED_HOSTS), 'dashboard');
  if (refusal !== null)
    throw new Refusal(403, refusal.code, refusal.message, refusal.hint === undefined ? {} : { hint: refusal.hint });
  if (!isJsonOrEmpty(request.headers)) {
    throw new Refusal(415, 'not-json', 'Send the body as application/json');
  }
}

function isJsonOrEmpty(headers: Headers): boolean {
  const type = headers.get('content-type');
  if (type !== null) return /^application\/json\b/i.test(type);
  return Number(headers.get('content-length') ?? 0) === 0 && !headers.has('transfer-encoding');
}
