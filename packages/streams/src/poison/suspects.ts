import { keepUnreadable, type RecordBatch } from '../transport/record.ts';
import { placeInWords, type RecordRange, type WorkPlace } from './work-place.ts';

/** Records at which an app has failed, crashed or hung. Plain JSON: it crosses from the engine to its workers. */
export interface Suspicion {
  readonly place: WorkPlace & { readonly records: RecordRange };
  readonly reason: string;
  /** How much speaks against them: see `Suspects`. */
  readonly weight: number;
}

/** What is known of one bad end of work. */
export interface BadEnd {
  readonly place: WorkPlace;
  readonly reason: string;
  /** False where somebody else may have ended the process: a kill from outside meets whatever is at work. */
  readonly certain: boolean;
}

/** What comes of it: the records are looked at one by one from now on; the one record is set aside; no record is to blame. */
export type Verdict = 'watched' | 'set-aside' | 'nowhere';

/** With this much against it a lone record is set aside: two certain ends, or four that may have had another cause. */
const setAsideWeight = 4;
const certainWeight = 2;
/** The oldest is forgotten beyond: it would be found again. */
const maxSuspicions = 256;

/**
 * Finds the record at which work ends badly again and again, however it ends: by an exception, by the process's death or by a hang. After the first
 * time the records that were at hand are taken one by one; the one at which it ends again is set aside by its agent's policy, and the others go on.
 * What is committed past is no longer suspected.
 */
export class Suspects {
  #suspicions: Suspicion[] = [];

  get all(): readonly Suspicion[] {
    return this.#suspicions;
  }

  /** Work has ended badly. */
  note({ place, reason, certain }: BadEnd): Verdict {
    const { records } = place;
    if (records === undefined) return 'nowhere';
    const weight = certain ? certainWeight : 1;
    const before = this.#suspicions.filter((known) => overlap(known.place.records, records));
    // What speaks against a range speaks against each of its records, but once only.
    const inherited = before.map((known) => (known.place.records.count === 1 ? known.weight : weight));
    const suspicion: Suspicion = { place: { ...place, records }, reason, weight: Math.max(0, ...inherited) + weight };
    // A range that holds several is narrowed to the one; the rest of it was passed unharmed or is found again.
    this.#suspicions = [
      ...this.#suspicions.filter((known) => !sameRecord(known.place.records, records)),
      suspicion,
    ].slice(-maxSuspicions);
    return isSetAside(suspicion) ? 'set-aside' : 'watched';
  }

  /** Takes over what another process has found. */
  add(suspicions: readonly Suspicion[]): void {
    for (const suspicion of suspicions) {
      const known = this.#suspicions.find(({ place }) => sameRange(place.records, suspicion.place.records));
      if (known !== undefined && known.weight >= suspicion.weight) continue;
      this.#suspicions = [...this.#suspicions.filter((other) => other !== known), suspicion].slice(-maxSuspicions);
    }
  }

  /** All before `position` is committed: it will not be met again. */
  committed(topic: string, partition: number, position: bigint): void {
    if (this.#suspicions.length === 0) return;
    this.#suspicions = this.#suspicions.filter(
      ({ place: { records } }) =>
        records.topic !== topic || records.partition !== partition || BigInt(records.to) > position,
    );
  }

  /** The batch, its suspects cut out one by one so that each is decoded and processed alone. */
  cut(batch: RecordBatch): readonly RecordBatch[] {
    const ranges = this.#suspicions
      .map(({ place }) => place.records)
      .filter(({ topic, partition }) => topic === batch.topic && partition === batch.partition);
    if (ranges.length === 0) return [batch];
    const pieces: RecordBatch[] = [];
    let from = 0;
    const take = (to: number): void => {
      if (to > from) pieces.push(pieceOf(batch, from, to));
      from = to;
    };
    batch.records.forEach(({ delta }, index) => {
      const offset = batch.baseOffset + BigInt(delta);
      if (!ranges.some((range) => BigInt(range.from) <= offset && offset < BigInt(range.to))) return;
      take(index);
      take(index + 1);
    });
    take(batch.records.length);
    return pieces.length === 0 ? [batch] : pieces;
  }

  /** Why the lone record of a batch is not to be processed; undefined: it is. */
  setAside(batch: RecordBatch): Suspicion | undefined {
    if (this.#suspicions.length === 0 || batch.records.length !== 1) return undefined;
    const offset = String(batch.baseOffset + BigInt(batch.records[0]?.delta ?? 0));
    return this.#suspicions.find(
      (known) =>
        isSetAside(known) &&
        known.place.records.topic === batch.topic &&
        known.place.records.partition === batch.partition &&
        known.place.records.from === offset,
    );
  }
}

/** Why a record was set aside, in words. */
export const setAsideReason = ({ place, reason }: Suspicion): string => {
  const { records: _, ...work } = place;
  const where = placeInWords({ ...work, records: place.records });
  return `set aside, because work ended here again and again: ${reason} (${where})`;
};

const isSetAside = ({ place, weight }: Suspicion): boolean => place.records.count === 1 && weight >= setAsideWeight;

const sameRange = (a: RecordRange, b: RecordRange): boolean =>
  a.topic === b.topic && a.partition === b.partition && a.from === b.from && a.to === b.to;

/** Both are the one record. */
const sameRecord = (a: RecordRange, b: RecordRange): boolean => a.count === 1 && b.count === 1 && sameRange(a, b);

const overlap = (a: RecordRange, b: RecordRange): boolean =>
  a.topic === b.topic && a.partition === b.partition && BigInt(a.from) < BigInt(b.to) && BigInt(b.from) < BigInt(a.to);

/** Records `[from, to)` of a batch as one of their own; the last piece takes the gap behind. */
const pieceOf = (batch: RecordBatch, from: number, to: number): RecordBatch => {
  const next = batch.records[to];
  const start = from === 0 ? batch.baseOffset : batch.baseOffset + BigInt(batch.records[from]?.delta ?? 0);
  const nextOffset = next === undefined ? batch.nextOffset : batch.baseOffset + BigInt(next.delta);
  const piece = { ...batch, records: batch.records.slice(from, to), nextOffset };
  return keepUnreadable(piece, (range) => range.from >= start && range.from < nextOffset);
};
