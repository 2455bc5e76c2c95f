import { Decimal } from '../numbers/decimal.ts';
import { readNumber } from '../numbers/exact.ts';

/** Lists and objects may be nested this deep: more is no data of anybody's, and what walks it later would run out of stack. */
export const maxJsonDepth = 1_000;

/**
 * A number, where one may stand outside of texts, that `JSON.parse` might not give back as it is written: 16 digits or more, an exponent,
 * a zero at the end of a fraction, −0. It also finds such numbers in texts, which only costs time.
 */
const unfaithful =
  /(?:^|[:,[\s])(?:-?[\d.]{16}|-?\d+(?:\.\d+)?[eE][+-]?\d+|-?(?:0|[1-9]\d*)\.\d*0(?=[\],}\s]|$)|-0(?=[\],}\s]|$))/;

/** JSON that is nested deeper than anything here goes down into. */
export class TooDeeplyNested extends SyntaxError {
  override readonly name = 'TooDeeplyNested';
  constructor() {
    super(`nested deeper than ${maxJsonDepth}`);
  }
}

/**
 * Parses JSON without losing a digit: see `Exact` for what numbers become. As `JSON.parse`, which it hands over to wherever every number
 * survives that; the last of duplicate fields counts, and `__proto__` is a field as any other.
 * @throws SyntaxError for what is not JSON; TooDeeplyNested beyond a depth of 1 000
 */
export function parseJson(text: string): unknown {
  return unfaithful.test(text) || mayBeDeep(text) ? new Reader(text).document() : JSON.parse(text);
}

/** Whether lists and objects may be nested too deeply: brackets in texts are counted, too. */
function mayBeDeep(text: string): boolean {
  if (text.length < 2 * maxJsonDepth) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) | 0x20;
    // `[` and `{` are a bit apart, and so are `]` and `}`.
    if (code === 0x7b) {
      if (++depth > maxJsonDepth) return true;
    } else if (code === 0x7d && depth > 0) depth--;
  }
  return false;
}

const numberAt = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spaceAt = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows none of them in a text
const control = /[\u0000-\u001f]/;

interface Open {
  readonly into: unknown[] | Record<string, unknown>;
  /** Where the next value goes, in an object. */
  field: string;
}

/** One pass, its nesting on a stack of its own. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): unknown {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): unknown {
    const stack: Open[] = [];
    for (;;) {
      this.#space();
      const opened = this.#open();
      if (opened !== undefined) {
        if (stack.length >= maxJsonDepth) throw new TooDeeplyNested();
        if (!this.#closes(opened)) {
          stack.push(opened);
          if (!Array.isArray(opened.into)) this.#field(opened);
          continue;
        }
      }
      let value: unknown = opened === undefined ? this.#scalar() : opened.into;
      // A value ends as many lists and objects as close behind it.
      for (;;) {
        const open = stack.at(-1);
        if (open === undefined) return value;
        put(open, value);
        this.#space();
        const mark = this.#text[this.#at];
        if (mark === ',') {
          this.#at++;
          if (!Array.isArray(open.into)) this.#field(open);
          break;
        }
        if (!this.#closes(open)) throw this.#unexpected();
        stack.pop();
        value = open.into;
      }
    }
  }

  #open(): Open | undefined {
    const mark = this.#text[this.#at];
    if (mark !== '{' && mark !== '[') return undefined;
    this.#at++;
    return { into: mark === '{' ? {} : [], field: '' };
  }

  #closes({ into }: Open): boolean {
    this.#space();
    if (this.#text[this.#at] !== (Array.isArray(into) ? ']' : '}')) return false;
    this.#at++;
    return true;
  }

  #field(open: Open): void {
    this.#space();
    if (this.#text[this.#at] !== '"') throw this.#unexpected();
    open.field = this.#string();
    this.#space();
    if (this.#text[this.#at] !== ':') throw this.#unexpected();
    this.#at++;
  }

  #scalar(): unknown {
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default: {
        const found = this.#take(numberAt);
        if (found === '') throw this.#unexpected();
        return readNumber(found);
      }
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected();
    this.#at += word.length;
    return value;
  }

  #string(): string {
    const start = this.#at;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) throw new SyntaxError('Unterminated string in JSON');
    } while (this.#isEscaped(end));
    this.#at = end + 1;
    const inside = this.#text.slice(start + 1, end);
    if (inside.includes('\\')) return JSON.parse(`"${inside}"`) as string; // a text in quotes is one
    if (control.test(inside)) throw new SyntaxError('Bad control character in string literal in JSON');
    return inside;
  }

  /** An odd number of backslashes stands before it. */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === '\\') before--;
    return (at - before) % 2 === 1;
  }

  #space(): void {
    const code = this.#text.charCodeAt(this.#at);
    if (code > 0x20) return;
    this.#take(spaceAt);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #unexpected(): SyntaxError {
    const found = this.#text.slice(this.#at, this.#at + 10);
    return new SyntaxError(
      found === '' ? 'Unexpected end of JSON input' : `Unexpected ${JSON.stringify(found)} at position ${this.#at}`,
    );
  }
}

function put({ into, field }: Open, value: unknown): void {
  if (Array.isArray(into)) into.push(value);
  else setField(into, field, value);
}

/** Sets an own field, `__proto__` too. */
export function setField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else object[name] = value;
}

/** Whether a value is an object with fields: no list, no decimal. */
export const hasFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal);
