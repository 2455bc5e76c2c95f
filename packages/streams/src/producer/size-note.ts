/** What is told of a record in place of its bytes. */
export interface SizeNote {
  /** The topic that did not take it. */
  readonly target: string;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly headerBytes: number;
}
