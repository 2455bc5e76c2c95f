/** Something that a person should know, and that is no failure: a topic was made anew, partitions were added. */
export interface Notice extends NoticePlace {
  readonly atMs: number;
  readonly words: string;
}

/** What a notice is about, as far as it is about something of its own. */
export interface NoticePlace {
  /** Kafka's name. */
  readonly topic?: string;
  readonly agent?: string;
}
