/** Kafka's `isolation.level`: 0 reads what open and aborted transactions wrote too, 1 only what is committed. */
export const isolationLevel = (uncommitted: boolean): number => (uncommitted ? 0 : 1);
