/** How long to wait before try number `failures` (from 1): doubling from half a second, 15 s at most. Reset by a minute of good service. */
export const backOffMs = (failures: number): number => Math.min(15_000, 500 * 2 ** Math.max(0, failures - 1));
/** A process that was ready for this long starts its count of failures anew. */
export const steadyAfterMs = 60_000;
