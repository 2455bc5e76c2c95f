/** Who asks, by the headers of HTTP that a browser sets and its pages cannot. */
export interface Asker {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** What our own dashboard was asked as, where it hands a request on; pages of others cannot set it without being asked for leave first. */
  readonly forwardedHost?: string | undefined;
}

export interface SiteRefusal {
  readonly code: 'host-not-allowed' | 'origin-not-allowed';
  readonly message: string;
  readonly hint?: string;
}

const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Why a request may come from a page of another site: a `Host` that is not this machine's (a name that was rebound to it), or an `Origin` that is
 * not exactly where it was sent. Null when neither. `allowedHosts` are further names, without ports; `what` answers, as in "this dashboard".
 */
export function siteRefusal(asker: Asker, allowedHosts: readonly string[], what: string): SiteRefusal | null {
  const { host = '', origin, forwardedHost } = asker;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  if (!loopback.test(name) && (name === '' || !allowedHosts.includes(name)))
    return {
      code: 'host-not-allowed',
      message: `This ${what} does not answer as ${host === '' ? 'a host without a name' : host}`,
      hint: 'Open it as localhost, or add the name to MILLRACE_ALLOWED_HOSTS.',
    };
  if (origin === undefined) return null;
  const from = URL.canParse(origin) ? new URL(origin).host : null;
  if (from !== null && (from === host || from === forwardedHost)) return null;
  return { code: 'origin-not-allowed', message: `Pages of ${origin} may not use this ${what}` };
}

/** `MILLRACE_ALLOWED_HOSTS`: further host names, by commas. */
export const allowedHostsFrom = (setting: string | undefined): readonly string[] =>
  (setting ?? '')
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');

/** Names the Millrace that a dashboard and an engine belong to, on every request and answer between them. */
export const instanceHeader = 'x-millrace-instance';
