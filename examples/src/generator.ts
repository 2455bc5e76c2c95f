/** One sample event; `value` is written as JSON. */
export interface GeneratedEvent {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Epoch ms; also in the value, where its model says so. Now and then a little in the past, as real events are. */
  readonly timestampMs: number;
}

export interface GeneratorOptions {
  /** The same seed gives the same events, but for their times. */
  readonly seed: number;
  /** 0: every key alike; 1: Zipf; up to 2. */
  readonly skew: number;
}

/** A kind of sample data. */
export interface EventGenerator {
  readonly title: string;
  readonly description: string;
  /** The Kafka topic it is made for. */
  readonly defaultTopic: string;
  /** Its template's folder: there stands the topic's declaration. */
  readonly template: string;
  create(options: GeneratorOptions): (nowMs: number) => GeneratedEvent;
}
