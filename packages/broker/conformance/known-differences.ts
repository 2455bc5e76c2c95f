/** Where the embedded broker is known not to do as Apache Kafka does: by the title of the case that shows it, and why. */
export const knownDifferences: readonly { readonly title: string; readonly why: string }[] = [];
