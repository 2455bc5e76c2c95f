import { compileExpression, ExpressionError, type Row } from '@millrace/spec';
import { saying } from '../log.ts';

export type Holds = (row: Row) => boolean;

/** An expression that does not parse, or asks for what is not there. */
export class BadFilter extends Error {
  override readonly name = 'BadFilter';
}

/** Compiles a filter; one without an expression lets everything through. A row for which it has no value is filtered. Throws `BadFilter`. */
export function compileFilter(source: string | undefined): Holds {
  if (source === undefined || source.trim() === '') return () => true;
  let evaluate: (row: Row) => unknown;
  try {
    evaluate = compileExpression(source);
  } catch (error) {
    throw new BadFilter(saying(error));
  }
  return (row) => {
    try {
      return evaluate(row) === true;
    } catch (error) {
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  };
}
