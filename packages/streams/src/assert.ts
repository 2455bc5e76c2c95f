/** A broken invariant: a fault of this program, never of its user. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}

export const unreachable = (value: never): never => {
  throw new Error(`Broken invariant: not expected here: ${JSON.stringify(value)}`);
};
