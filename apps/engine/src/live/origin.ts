const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a request comes from a page of this machine, or from no page at all: others' pages must not reach an engine on loopback. */
export function isOriginAllowed(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  try {
    return loopback.has(new URL(origin).hostname);
  } catch {
    return false; // Not an address, so not one of ours.
  }
}
