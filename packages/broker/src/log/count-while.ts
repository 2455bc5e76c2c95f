/** How many of the first values satisfy `holds`, which is true up to some point and false from there on. */
export function countWhile<T>(values: readonly T[], holds: (value: T) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = values[middle] as T; // `middle` is below `high`, which is at most the length.
    if (holds(value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
