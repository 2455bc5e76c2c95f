import { type Pass, parsePass, passText } from '../repartition/pass.ts';

/** What a commit says beside its offset; it is gone with it. */
export interface CommitNote {
  /** Null where the task does not repartition. */
  readonly pass: Pass | null;
  /** The id of the topic that the offset is of; null: not known. */
  readonly log: string | null;
  /** Event time of the source, ms; −Infinity: not known. Said beside a pass. */
  readonly timeMs: number;
}

/** `pass 1700000000000 abc time 1700000000500 log 0f3a…`; undefined where there is nothing to say. */
export const noteText = ({ pass, log, timeMs }: CommitNote): string | undefined => {
  const time = pass === null || !Number.isFinite(timeMs) ? [] : [`time ${timeMs}`];
  const said = [...(pass === null ? [] : [passText(pass)]), ...time, ...(log === null ? [] : [`log ${log}`])];
  return said.length === 0 ? undefined : said.join(' ');
};

export const parseNote = (metadata: string | undefined): CommitNote => ({
  pass: parsePass(metadata),
  log: /(?:^| )log (\S+)$/.exec(metadata ?? '')?.[1] ?? null,
  timeMs: Number(/(?:^| )time (-?\d{1,16})(?: |$)/.exec(metadata ?? '')?.[1] ?? Number.NEGATIVE_INFINITY),
});
