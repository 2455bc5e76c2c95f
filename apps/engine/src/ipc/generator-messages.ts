/** Control to a generator's process: first `start`, then changes of its pace. */
export type ToGenerator =
  | {
      readonly type: 'start';
      readonly generator: string;
      readonly topic: string;
      readonly ratePerSecond: number;
      readonly skew: number;
      readonly seed: number;
      readonly count: number | null;
    }
  | { readonly type: 'change'; readonly ratePerSecond: number; readonly skew: number };

/** `sent` counts records that Kafka has acknowledged. After `done` or `failed` the process ends. */
export type FromGenerator =
  | { readonly type: 'progress'; readonly sent: number; readonly actualPerSecond: number }
  | { readonly type: 'done'; readonly sent: number }
  | { readonly type: 'failed'; readonly sent: number; readonly reason: string };
