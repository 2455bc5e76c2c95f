/** One header: a name, and bytes or null. */
export type RecordHeader = readonly [name: string, value: Buffer | null];

/** The headers of a record as Kafka has them: in their order, a name any number of times, each value bytes or null. Never empty where it is there. */
export type RecordHeaders = readonly RecordHeader[];

/** Headers of texts, in the order of the entries. */
export const textHeaders = (entries: readonly (readonly [name: string, text: string])[]): RecordHeader[] =>
  entries.map(([name, text]) => [name, Buffer.from(text)]);

/** The value of the last header of a name, as Kafka's `lastHeader`; undefined: there is none of that name. */
export const lastHeader = (headers: RecordHeaders | undefined, name: string): Buffer | null | undefined =>
  headers?.findLast(([each]) => each === name)?.[1];
