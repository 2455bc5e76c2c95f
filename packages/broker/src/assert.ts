/** Throws when an invariant of this package is broken: a fault in the code, never in what a client sent. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${message}`);
}

/** The value, or a broken invariant when there is none. */
export function must<T>(value: T | null | undefined, message: string): T {
  assert(value !== undefined && value !== null, message);
  return value;
}

/** Ends a switch over a union: a new member of the union does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Error(`broken invariant: unhandled ${String(value)}`);
}
