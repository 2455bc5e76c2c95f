import { Refusal } from './refusal.ts';

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Refuses what a page of another site could send: a `Host` that is not this machine's (a name that was rebound to it), a foreign `Origin`,
 * and a write in a content type that browsers send without asking first. `MILLRACE_ALLOWED_HOSTS` lists further host names, by commas.
 * `anyContentType` is for Socket.IO's polling, which posts text.
 * @throws Refusal 403, 415
 */
export function guardRequest(request: Request, { anyContentType = false } = {}): void {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  if (!isAllowed(host)) {
    throw new Refusal(403, 'host-not-allowed', `This dashboard does not answer as ${host}`, {
      hint: 'Open it as localhost, or add the name to MILLRACE_ALLOWED_HOSTS.',
    });
  }
  const origin = request.headers.get('origin');
  if (origin !== null && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    throw new Refusal(403, 'origin-not-allowed', `Pages of ${origin} may not use this API`);
  }
  if (!anyContentType && !isJsonOrEmpty(request.headers)) {
    throw new Refusal(415, 'not-json', 'Send the body as application/json');
  }
}

function isJsonOrEmpty(headers: Headers): boolean {
  const type = headers.get('content-type');
  if (type !== null) return /^application\/json\b/i.test(type);
  return Number(headers.get('content-length') ?? 0) === 0 && !headers.has('transfer-encoding');
}

function isAllowed(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const further = (process.env.MILLRACE_ALLOWED_HOSTS ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  return loopback.test(name) || (name !== '' && further.includes(name));
}
