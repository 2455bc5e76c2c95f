/**
 * What the load knows of its own doing: every write, transaction, commit, deletion and topic, each noted as possible
 * before it is asked for and as certain once it is answered. What lies between, when the broker dies, is unknown: either is right.
 */
export interface Write {
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  /** Unique over the whole run; null for a tombstone. */
  readonly value: string | null;
  readonly transaction: Transaction | null;
  /** Where it was answered to be; null while nobody has answered. */
  offset: bigint | null;
}

/** Aborted until its commit is asked for: a producer that dies before leaves nothing behind. */
export interface Transaction {
  readonly id: string;
  readonly writes: Write[];
  readonly offsets: (Place & { readonly group: string; readonly offset: bigint })[];
  fate: 'aborted' | 'unknown' | 'committed';
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** A value that only grows: at least `certain`, which was answered, and at most `possible`, which was asked for. */
export interface Bounds {
  certain: bigint;
  possible: bigint;
}

export type Existence = 'exists' | 'absent' | 'unknown';

export class Ledger {
  readonly writes: Write[] = [];
  readonly transactions: Transaction[] = [];
  /** Committed offsets outside transactions, by `group topic partition`. */
  readonly commits = new Map<string, Bounds>();
  /** Where deletions have put the start of a partition, by `topic partition`. */
  readonly starts = new Map<string, Bounds>();
  /** What the members of a group were given, by `group topic partition`. */
  readonly deliveries = new Map<string, Map<bigint, string>>();
  readonly topics = new Map<string, Existence>();
  /** What the broker must not have answered; each fails the run. */
  readonly complaints: string[] = [];
  #counter = 0;

  /** A value that nothing else in the run has. */
  value(writer: string, paddingBytes: number): string {
    this.#counter += 1;
    return `${writer}:${this.#counter}:${'.'.repeat(paddingBytes)}`;
  }

  write(place: Place, value: string | null, key: string | null = null, transaction: Transaction | null = null): Write {
    const { topic, partition } = place;
    const write: Write = { topic, partition, key, value, transaction, offset: null };
    this.writes.push(write);
    transaction?.writes.push(write);
    return write;
  }

  /** The writes of one batch were answered with the offset of the first. */
  acknowledge(writes: readonly Write[], baseOffset: bigint): void {
    for (const [i, write] of writes.entries()) write.offset = baseOffset + BigInt(i);
  }

  transaction(writer: string): Transaction {
    const transaction: Transaction = { id: this.value(writer, 0), writes: [], offsets: [], fate: 'aborted' };
    this.transactions.push(transaction);
    return transaction;
  }

  commit(group: string, place: Place): Bounds {
    return boundsIn(this.commits, `${group} ${placeName(place)}`);
  }

  start(place: Place): Bounds {
    return boundsIn(this.starts, placeName(place));
  }

  delivered(group: string, place: Place, offset: bigint, value: string): void {
    const name = `${group} ${placeName(place)}`;
    const known = this.deliveries.get(name) ?? new Map<bigint, string>();
    this.deliveries.set(name, known);
    const before = known.get(offset);
    if (before !== undefined && before !== value)
      this.complain(`${name} offset ${offset} was delivered as '${before}', then as '${value}'`);
    known.set(offset, value);
  }

  complain(what: string): void {
    this.complaints.push(what);
  }
}

export function placeName({ topic, partition }: Place): string {
  return `${topic} ${partition}`;
}

export function raise(bounds: Bounds, field: keyof Bounds, value: bigint): void {
  if (value > bounds[field]) bounds[field] = value;
}

function boundsIn(all: Map<string, Bounds>, name: string): Bounds {
  const bounds = all.get(name) ?? { certain: -1n, possible: -1n };
  all.set(name, bounds);
  return bounds;
}
