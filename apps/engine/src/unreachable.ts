/** For the end of a `switch` over a union: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Broken invariant: not expected here: ${JSON.stringify(value)}`);
}
