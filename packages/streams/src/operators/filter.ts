import type { Evaluate } from '@millrace/spec';
import { evaluate, type Operator, type StepScope } from './operator.ts';
import type { Rows } from './rows.ts';

/** Keeps the rows for which the condition is true: null and anything else drop them. */
export class Filter implements Operator {
  readonly scope: StepScope;
  readonly #where: Evaluate;

  constructor(scope: StepScope, where: Evaluate) {
    this.scope = scope;
    this.#where = where;
  }

  run(rows: Rows): void {
    const where = this.#where;
    let kept = 0;
    for (let row = 0; row < rows.length; row++) {
      try {
        if (evaluate(where, rows, row) !== true) continue;
      } catch (error) {
        this.scope.fail(rows, row, error);
        continue;
      }
      if (kept !== row) rows.move(row, kept);
      kept++;
    }
    rows.length = kept;
  }
}
