/**
 * One reading of a source partition, by one set of steps: it goes on over crashes and rebalances, and what it repeats then is known by its offsets.
 * Where somebody moves the group's offset, the log begins anew, or the steps change, a new pass begins: the same offsets stand for something else.
 * It lives in the metadata of the group's commits, which whoever moves an offset does not write.
 */
export interface Pass {
  /** The wall clock when it began, ms, yet always above the one it follows: 48 bits. Or `openPass`. */
  readonly number: number;
  /** Names the steps; see `Subtopology.repartitions`. */
  readonly steps: string;
}

/**
 * Where the group has no offset, nobody has moved one: it never had any, or it has lost them (they expire, and are deleted). What is read then,
 * from wherever, goes on with the pass that came before, if there was one.
 */
export const openPass = 0;

export const passText = ({ number, steps }: Pass): string => `pass ${number} ${steps}`;

/** The pass that a commit's metadata says; null: it was not written by a task that repartitions. */
export const parsePass = (metadata: string | undefined): Pass | null => {
  const found = /^pass (\d{1,14}) (\S+)(?: |$)/.exec(metadata ?? '');
  return found?.[1] === undefined || found[2] === undefined ? null : { number: Number(found[1]), steps: found[2] };
};

export const nextPass = (before: Pass | null, steps: string, nowMs: number): Pass => ({
  number: Math.max(nowMs, before === null ? 0 : before.number + 1),
  steps,
});
