/**
 * The groups of copartitioned topics to divide among members: the leader's, then what only others know (members of an older or newer
 * version of the app, during its roll-out), so that every topic stands in exactly one.
 */
export function mergeGroups(
  own: readonly (readonly string[])[],
  others: readonly (readonly (readonly string[])[])[],
): string[][] {
  const groups: string[][] = [];
  const seen = new Set<string>();
  for (const group of [own, ...others].flat()) {
    const fresh = group.filter((topic) => !seen.has(topic));
    for (const topic of fresh) seen.add(topic);
    if (fresh.length > 0) groups.push(fresh);
  }
  return groups;
}
