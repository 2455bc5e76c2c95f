import type { Span } from '../problem.ts';

/**
 * A compiled expression. `value` is a decoded record (or table row), `timeMs` the event's time, `headers` the record's headers (see
 * `Headers`), `window` the window of a table's change, `[start, end)` in epoch ms.
 *
 * Null: an absent field reads as null, and so does a field of null. `==` and `!=` compare null as any other value; `<`, `<=`, `>`, `>=` and
 * `in` with null are false; `!`, `&&`, `||` and `? :` take null for false. Arithmetic on null throws: a sum of something that is not there has no
 * sensible value, and the record belongs among the dead letters. `coalesce(value.x, 0)` and `??` say what to take instead. Templates and
 * `concat` render null as nothing; other functions of null are null, and false where they answer a question.
 *
 * Numbers are exact (`numbers/exact.ts`): `+`, `-`, `*` and `%` of longs give a long, or throw beyond 64 bits; a decimal with any number gives
 * a decimal, a double entering as the number that its shortest text says; everything else is a double's arithmetic. `/` gives a double, with a
 * decimal a decimal of 20 places. Numbers compare by value, whatever their kinds.
 *
 * @throws ExpressionError on arithmetic with null or across types, beyond 64 bits, and on division by zero.
 */
export type Evaluate = (
  key: unknown,
  value: unknown,
  timeMs: number,
  headers: unknown,
  window: WindowBounds | undefined,
) => unknown;

export interface WindowBounds {
  readonly start: number;
  readonly end: number;
}

/** A record for which an expression has no value. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  /** Where in the expression. */
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}
