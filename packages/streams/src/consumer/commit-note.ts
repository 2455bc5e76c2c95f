import { createHash } from 'node:crypto';
import { type Pass, parsePass, passText } from '../repartition/pass.ts';

/** What a commit says beside its offset; it is gone with it. */
export interface CommitNote {
  /** Null where the task does not repartition. */
  readonly pass: Pass | null;
  /** The id of the topic that the offset is of; null: not known. */
  readonly log: string | null;
  /** Event time of the source, ms; −Infinity: not known. Said beside a pass. */
  readonly timeMs: number;
  /** Marks of the changelogs that hold state which includes what was read so far (`changelogMark`). */
  readonly state: readonly string[];
}

/** `pass 1700000000000 abc time 1700000000500 state Zx3_kQ9a,1bW0-cHe log 0f3a…`; undefined where there is nothing to say. */
export const noteText = ({ pass, log, timeMs, state }: CommitNote): string | undefined => {
  const time = pass === null || !Number.isFinite(timeMs) ? [] : [`time ${timeMs}`];
  const said = [
    ...(pass === null ? [] : [passText(pass)]),
    ...time,
    ...(state.length === 0 ? [] : [`state ${state.join(',')}`]),
    ...(log === null ? [] : [`log ${log}`]),
  ];
  return said.length === 0 ? undefined : said.join(' ');
};

export const parseNote = (metadata: string | undefined): CommitNote => ({
  pass: parsePass(metadata),
  log: /(?:^| )log (\S+)$/.exec(metadata ?? '')?.[1] ?? null,
  timeMs: Number(/(?:^| )time (-?\d{1,16})(?: |$)/.exec(metadata ?? '')?.[1] ?? Number.NEGATIVE_INFINITY),
  state: /(?:^| )state (\S+)(?: |$)/.exec(metadata ?? '')?.[1]?.split(',') ?? [],
});

/** Names a changelog in a note, where there is little room. */
export const changelogMark = (changelog: string): string =>
  createHash('sha256').update(changelog).digest('base64url').slice(0, 8);
