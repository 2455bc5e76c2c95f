/** Milliseconds before try `attempt` (1 is the first retry): half a second, doubled each time, at most 30 s. */
export const backoffMs = (attempt: number): number => Math.min(30_000, 500 * 2 ** (attempt - 1));
