import type { Operator, StepScope } from './operator.ts';
import type { Rows } from './rows.ts';
import { type Outlet, Send } from './send.ts';

/**
 * Sends each row to the repartition topic under its new key, where the agent's next stage reads it. A row whose new key is null fails:
 * it belongs to no partition. Grouping by `key` itself moves nothing and lets the rows pass.
 */
export class GroupBy implements Operator {
  readonly scope: StepScope;
  readonly #send: Send | undefined;

  constructor(scope: StepScope, outlet: Outlet | undefined) {
    this.scope = scope;
    this.#send = outlet === undefined ? undefined : new Send(scope, { ...outlet, key: refusingNull(outlet.key) });
  }

  run(rows: Rows): void {
    this.#send?.run(rows);
  }
}

const refusingNull = (codec: Outlet['key']): Outlet['key'] => ({
  decode: codec.decode,
  encode: (key) => {
    if (key === null || key === undefined) throw new Error('the key to group by is null');
    return codec.encode(key);
  },
});
