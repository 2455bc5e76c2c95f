/** A regular expression as a tree. Laziness is left out: whether something is found does not depend on it. */
export type PatternNode =
  | { readonly kind: 'character'; readonly accepts: (codePoint: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number }
  | { readonly kind: 'assertion'; readonly holds: (before: number, after: number) => boolean };

/** What can't be matched in linear time, or is no regular expression. */
export class PatternFault extends Error {}

type Accepts = (codePoint: number) => boolean;

/** Beyond the ends of a text. */
export const nothing = -1;

const between =
  (low: number, high: number): Accepts =>
  (codePoint) =>
    codePoint >= low && codePoint <= high;
const not =
  (accepts: Accepts): Accepts =>
  (codePoint) =>
    !accepts(codePoint);
const native =
  (pattern: RegExp): Accepts =>
  (codePoint) =>
    codePoint >= 0 && pattern.test(String.fromCodePoint(codePoint));

const digit = between(0x30, 0x39);
const word = native(/^\w$/);
const space = native(/^\s$/);
const lineEnd = native(/^[\n\r\u2028\u2029]$/);

const classes: Readonly<Record<string, Accepts>> = {
  d: digit,
  D: not(digit),
  w: word,
  W: not(word),
  s: space,
  S: not(space),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, 0: 0 };

/** Reads a pattern that `new RegExp(pattern, 'u')` takes. @throws PatternFault for look-around and back-references. */
export function readPattern(pattern: string): PatternNode {
  return new PatternReader(pattern).whole();
}

class PatternReader {
  private readonly codePoints: readonly string[];
  private at = 0;

  constructor(pattern: string) {
    this.codePoints = [...pattern];
  }

  whole(): PatternNode {
    const node = this.choice();
    if (this.at < this.codePoints.length) throw new PatternFault('has a bracket too many');
    return node;
  }

  private get next(): string | undefined {
    return this.codePoints[this.at];
  }

  private take(text: string): boolean {
    if (this.codePoints.slice(this.at, this.at + text.length).join('') !== text) return false;
    this.at += text.length;
    return true;
  }

  private choice(): PatternNode {
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  private sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.next !== undefined && this.next !== '|' && this.next !== ')') parts.push(this.repeated(this.single()));
    return { kind: 'sequence', parts };
  }

  private repeated(part: PatternNode): PatternNode {
    const bounds = this.bounds();
    if (bounds === undefined) return part;
    this.take('?');
    return { kind: 'repeat', part, ...bounds };
  }

  private bounds(): { least: number; most: number } | undefined {
    if (this.take('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.take('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.take('?')) return { least: 0, most: 1 };
    if (this.next !== '{') return undefined;
    const text = this.codePoints.slice(this.at, this.codePoints.indexOf('}', this.at) + 1).join('');
    const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(text) ?? [];
    if (least === undefined) throw new PatternFault('has a { that counts nothing');
    this.at += text.length;
    const exact = Number(least);
    return { least: exact, most: comma === '' ? exact : most === '' ? Number.POSITIVE_INFINITY : Number(most) };
  }

  private single(): PatternNode {
    const char = this.codePoints[this.at++] ?? '';
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'character', accepts: this.set() };
      case '.':
        return { kind: 'character', accepts: not(lineEnd) };
      case '^':
        return { kind: 'assertion', holds: (before) => before === nothing };
      case '$':
        return { kind: 'assertion', holds: (_before, after) => after === nothing };
      case '\\':
        return this.escape();
      default:
        return { kind: 'character', accepts: exactly(char) };
    }
  }

  private group(): PatternNode {
    if (this.take('?') && !this.take(':')) {
      if (!this.take('<') || this.next === '=' || this.next === '!')
        throw new PatternFault('looks ahead or behind, which is not supported');
      this.at = this.codePoints.indexOf('>', this.at) + 1;
    }
    const node = this.choice();
    if (!this.take(')')) throw new PatternFault('has a bracket that is not closed');
    return node;
  }

  private escape(): PatternNode {
    const char = this.next ?? '';
    if (/[1-9k]/.test(char)) throw new PatternFault('refers back to a group, which is not supported');
    if (char === 'b' || char === 'B') {
      this.at++;
      return { kind: 'assertion', holds: (before, after) => (word(before) !== word(after)) === (char === 'b') };
    }
    return { kind: 'character', accepts: this.escaped() };
  }

  /** What a backslash stands for, inside of brackets as outside. */
  private escaped(): Accepts {
    const char = this.codePoints[this.at++] ?? '';
    const known = Object.hasOwn(classes, char) ? classes[char] : undefined;
    if (known !== undefined) return known;
    if (char === 'p' || char === 'P' || char === 'u' || char === 'x' || char === 'c') return this.byNative(char);
    const control = Object.hasOwn(controls, char) ? controls[char] : undefined;
    return control === undefined ? exactly(char) : (codePoint) => codePoint === control;
  }

  /** Properties and numbered characters, one character at a time, by the platform's own matcher. */
  private byNative(char: string): Accepts {
    const rest = this.codePoints.slice(this.at).join('');
    const [text] = /^(\{[^}]*\}|[\da-fA-F]{4}|[\da-fA-F]{2}|[A-Za-z])/.exec(rest) ?? [];
    if (text === undefined) throw new PatternFault(`has a \\${char} that says nothing`);
    const taken = char === 'x' ? text.slice(0, 2) : text;
    this.at += taken.length;
    return native(new RegExp(`^\\${char}${taken}$`, 'u'));
  }

  private set(): Accepts {
    const negated = this.take('^');
    const members: Accepts[] = [];
    while (this.next !== ']') {
      if (this.next === undefined) throw new PatternFault('has a [ that is not closed');
      members.push(this.member());
    }
    this.at++;
    const accepts: Accepts = (codePoint) => members.some((member) => member(codePoint));
    return negated ? not(accepts) : accepts;
  }

  private member(): Accepts {
    if (this.take('\\')) return this.take('b') ? exactly('\b') : this.escaped();
    const low = this.codePoints[this.at++] ?? '';
    const high = this.codePoints[this.at + 1];
    if (this.next !== '-' || high === undefined || high === ']' || high === '\\') return exactly(low);
    this.at += 2;
    return between(low.codePointAt(0) ?? nothing, high.codePointAt(0) ?? nothing);
  }
}

function exactly(char: string): Accepts {
  const wanted = char.codePointAt(0);
  return (codePoint) => codePoint === wanted;
}
