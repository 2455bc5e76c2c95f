/**
 * The committed offsets of all groups, durable in a journal. Offsets that belong to an open transaction wait beside
 * them until it ends.
 */
import type { Disk } from '../disk/disk.ts';
import { Journal } from '../disk/journal.ts';
import type { LogLine } from '../log-line.ts';
import { ErrorCode } from '../wire/error-code.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export interface CommittedOffset extends TopicPartition {
  readonly offset: bigint;
  /** -1 when the client did not say. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly committedMs: number;
}

/** Offsets in decimal: JSON has no 64-bit numbers. */
type OffsetEntry =
  | {
      readonly group: string;
      readonly at: readonly [topic: string, partition: number];
      readonly offset: string;
      readonly epoch: number;
      readonly meta: string;
      readonly ms: number;
    }
  | { readonly group: string; readonly drop: readonly [topic: string, partition: number] };

export class OffsetStore {
  readonly #groups: Map<string, Map<string, CommittedOffset>>;
  readonly #journal: Journal<OffsetEntry>;

  private constructor(groups: Map<string, Map<string, CommittedOffset>>, journal: Journal<OffsetEntry>) {
    this.#groups = groups;
    this.#journal = journal;
  }

  static async open(disk: Disk, log: LogLine): Promise<OffsetStore> {
    const groups = new Map<string, Map<string, CommittedOffset>>();
    const journal = await Journal.open<OffsetEntry>({
      disk,
      log,
      path: 'offsets.journal',
      refusal: ErrorCode.coordinatorNotAvailable,
      apply(entry) {
        if ('drop' in entry) return dropFrom(groups, entry.group, { topic: entry.drop[0], partition: entry.drop[1] });
        const [topic, partition] = entry.at;
        const { offset, epoch: leaderEpoch, meta: metadata, ms: committedMs } = entry;
        putInto(groups, entry.group, { topic, partition, offset: BigInt(offset), leaderEpoch, metadata, committedMs });
      },
      *snapshot() {
        for (const [group, offsets] of groups) for (const one of offsets.values()) yield entryOf(group, one);
      },
    });
    return new OffsetStore(groups, journal);
  }

  /** Resolves when they are durable, and seen by `get` only from then on. */
  async commit(group: string, offsets: readonly CommittedOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    await this.#journal.append(...offsets.map((one) => entryOf(group, one)));
  }

  async drop(group: string, partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return;
    await this.#journal.append(
      ...partitions.map(({ topic, partition }) => ({ group, drop: [topic, partition] as const })),
    );
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.#groups.get(group)?.get(keyOf({ topic, partition }));
  }

  of(group: string): readonly CommittedOffset[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  /** The groups that have a committed offset. */
  groups(): string[] {
    return [...this.#groups.keys()];
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}:${partition}`;
}

function putInto(groups: Map<string, Map<string, CommittedOffset>>, group: string, one: CommittedOffset): void {
  const offsets = groups.get(group) ?? new Map<string, CommittedOffset>();
  groups.set(group, offsets.set(keyOf(one), one));
}

function dropFrom(groups: Map<string, Map<string, CommittedOffset>>, group: string, one: TopicPartition): void {
  const offsets = groups.get(group);
  offsets?.delete(keyOf(one));
  if (offsets?.size === 0) groups.delete(group);
}

function entryOf(group: string, one: CommittedOffset): OffsetEntry {
  const { topic, partition, offset, leaderEpoch, metadata, committedMs } = one;
  return { group, at: [topic, partition], offset: String(offset), epoch: leaderEpoch, meta: metadata, ms: committedMs };
}
