import type { Evaluate } from './evaluation.ts';
import type { ExpressionFunction } from './functions.ts';

/** A call with its arguments evaluated in order; nulls are answered here, unless the function takes them itself. */
export function calling(fn: ExpressionFunction, args: readonly Evaluate[]): Evaluate {
  const run = fn.run as (...args: readonly unknown[]) => unknown; // the checker holds arguments to the declared kinds
  const ofNull = fn.result === 'boolean' ? false : null;
  if (fn.takesNull !== true && args.length === 1 && args[0] !== undefined) return callingOne(run, args[0], ofNull);
  return (key, value, timeMs, headers, window) => {
    const values: unknown[] = [];
    for (const arg of args) {
      const found = arg(key, value, timeMs, headers, window) ?? null;
      if (found === null && fn.takesNull !== true) return ofNull;
      values.push(found);
    }
    return run(...values);
  };
}

function callingOne(run: (arg: unknown) => unknown, arg: Evaluate, ofNull: unknown): Evaluate {
  return (key, value, timeMs, headers, window) => {
    const found = arg(key, value, timeMs, headers, window);
    return found === null || found === undefined ? ofNull : run(found);
  };
}
