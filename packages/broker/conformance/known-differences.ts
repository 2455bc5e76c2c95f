/** Where the embedded broker is known not to do as Apache Kafka does: by the title of the case that shows it, and why. */
export const knownDifferences: readonly { readonly title: string; readonly why: string }[] = [
  {
    title: 'a record without a key is refused by a compacted topic',
    why: 'records are never parsed on produce; the cleaner keeps what has no key',
  },
];
