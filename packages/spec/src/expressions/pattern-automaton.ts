import { nothing } from './pattern-syntax.ts';

/** A state of a pattern's nondeterministic automaton; the last is `found`. */
export type State =
  | { readonly kind: 'character'; readonly accepts: (codePoint: number) => boolean }
  | { readonly kind: 'split'; readonly to: readonly number[] }
  | { readonly kind: 'assertion'; readonly holds: (before: number, after: number) => boolean }
  | { readonly kind: 'found' };

/** A text for which a pattern takes too long. */
export class PatternTooSlow extends Error {
  override readonly name = 'PatternTooSlow';
}

/** States entered for one text before it is given up: some 100 ms of a core. */
const maxSteps = 2_000_000;
/** Numbers held by the places that are remembered, over all of a pattern's texts; then all are forgotten. */
const maxHeld = 500_000;
/** What a remembered place holds besides its states. */
const placeCost = 160;
const asciiEnd = 128;

/** A set of states between two characters, and where each character leads from it, as far as that was asked. */
interface Place {
  readonly waiting: readonly number[];
  /** One that stands for all characters that may come before it, as far as assertions tell them apart. */
  readonly before: number;
  readonly ascii: (Place | 'found' | undefined)[];
  readonly others: Map<number, Place | 'found'>;
}

/**
 * Runs a pattern on all its states at once and remembers which set of them follows which (a deterministic automaton, built as it is needed). So a
 * character costs a look-up; one that was not met at its place before costs the size of the pattern.
 */
export class Automaton {
  readonly #states: readonly State[];
  /** The step at which each state was last entered. */
  readonly #entered: Float64Array;
  readonly #places = new Map<string, Place>();
  #held = 0;
  #step = 0;
  #start: Place;

  constructor(states: readonly State[]) {
    this.#states = states;
    this.#entered = new Float64Array(states.length);
    this.#start = this.#place([], nothing);
  }

  /** @throws PatternTooSlow */
  finds(text: string): boolean {
    let place = this.#start;
    let steps = 0;
    for (let at = 0; ; ) {
      const after = text.codePointAt(at) ?? nothing;
      let next = after >= 0 && after < asciiEnd ? place.ascii[after] : place.others.get(after);
      if (next === undefined) {
        steps += this.#states.length;
        if (steps > maxSteps)
          throw new PatternTooSlow(
            `the text of ${text.length.toLocaleString('en-US')} characters is too long for this pattern`,
          );
        next = this.#follow(place, after);
      }
      if (next === 'found') return true;
      if (after === nothing) return false;
      place = next;
      at += after > 0xffff ? 2 : 1;
    }
  }

  #follow(place: Place, after: number): Place | 'found' {
    this.#step++;
    const ready: number[] = [];
    let found = this.#enter(0, place.before, after, ready);
    for (let i = 0; !found && i < place.waiting.length; i++)
      found = this.#enter(place.waiting[i] as number, place.before, after, ready); // within length
    const next = found ? 'found' : this.#behind(ready, after);
    if (after >= 0 && after < asciiEnd) place.ascii[after] = next;
    else if (place.others.size < asciiEnd) place.others.set(after, next);
    return next;
  }

  #behind(ready: readonly number[], codePoint: number): Place {
    const waiting: number[] = [];
    for (const index of ready) {
      const state = this.#states[index];
      if (state?.kind === 'character' && state.accepts(codePoint)) waiting.push(index + 1);
    }
    waiting.sort((a, b) => a - b);
    return this.#place(waiting, isWord(codePoint) ? wordCharacter : otherCharacter);
  }

  #place(waiting: readonly number[], before: number): Place {
    const name = `${before} ${waiting.join(' ')}`;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    if (this.#held > maxHeld) {
      this.#places.clear();
      this.#held = 0;
      this.#start = { waiting: [], before: nothing, ascii: [], others: new Map() };
    }
    const place: Place = { waiting, before, ascii: [], others: new Map() };
    this.#places.set(name, place);
    this.#held += placeCost + waiting.length;
    return place;
  }

  /** Follows what takes no character; collects the states that take one. True when the pattern's end is among them. */
  #enter(start: number, before: number, after: number, ready: number[]): boolean {
    const open = [start];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#entered[index] === this.#step) continue;
      this.#entered[index] = this.#step;
      const state = this.#states[index];
      if (state?.kind === 'found') return true;
      if (state?.kind === 'split') for (const to of state.to) open.push(to);
      else if (state?.kind === 'assertion' && state.holds(before, after)) open.push(index + 1);
      else if (state?.kind === 'character') ready.push(index);
    }
    return false;
  }
}

const wordCharacter = 0x61;
const otherCharacter = 0x20;

/** As `\w` has it, which is all that an assertion asks of the character before. */
const isWord = (codePoint: number): boolean =>
  (codePoint >= 0x30 && codePoint <= 0x39) ||
  (codePoint >= 0x41 && codePoint <= 0x5a) ||
  (codePoint >= 0x61 && codePoint <= 0x7a) ||
  codePoint === 0x5f;
