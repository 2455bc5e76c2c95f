/** What a task does at a place: bytes to events, events through the steps, changes and changelogs out, state back in. */
export type WorkPhase = 'decode' | 'process' | 'flush' | 'restore';

/** Where an app is at work. Plain JSON: it is written down before each piece of work, and read by whoever finds the process dead. */
export interface WorkPlace {
  readonly phase: WorkPhase;
  /** `{subtopology}/{partition}` */
  readonly task: string;
  /** The records at hand; absent while flushing and restoring. */
  readonly records?: RecordRange;
  readonly agent?: string;
  readonly step?: string;
}

/** Records of one source partition, at the offsets `[from, to)`, in decimal. */
export interface RecordRange {
  readonly topic: string;
  readonly partition: number;
  readonly from: string;
  readonly to: string;
  /** How many lie between: offsets may have gaps. */
  readonly count: number;
}

/** `logins/3 offset 17, agent count, step filter-1`: a place in words. */
export const placeInWords = ({ phase, task, records, agent, step }: WorkPlace): string => {
  const where =
    records === undefined
      ? `while ${phase === 'flush' ? 'flushing' : 'restoring'} task ${task}`
      : rangeInWords(records);
  return [
    where,
    ...(phase === 'decode' ? ['while it was decoded'] : []),
    ...(agent === undefined ? [] : [`agent ${agent}`]),
    ...(step === undefined ? [] : [`step ${step}`]),
  ].join(', ');
};

export const rangeInWords = ({ topic, partition, from, to, count }: RecordRange): string =>
  count === 1 ? `${topic}/${partition} offset ${from}` : `${topic}/${partition} offsets ${from} to ${BigInt(to) - 1n}`;
