/** An element by id; undefined for names that every object inherits, as for absent ones. */
export function own<T>(elements: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(elements, id) ? elements[id] : undefined;
}
