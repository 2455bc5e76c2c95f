/** Why a topic's number of records is an upper bound. */
export const recordsAtMost =
  'Offsets from the first to the end: at most so many records. What was compacted or aborted, and marks of transactions, take an offset as well';
