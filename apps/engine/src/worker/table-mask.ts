import { createHmac, randomBytes } from 'node:crypto';
import { keyText, masked, maskText, type RecordSensitivity, type Sensitivity } from '@millrace/spec';
import type { PartitionRow } from '../ipc/from-worker.ts';
import type { PageQuery } from '../ipc/to-worker.ts';

/** Of this process: nobody else can compute which name a key gets. */
const secret = randomBytes(32);
const nameLength = 8;

/** What of a table's rows is not to be shown, nor to be found out by filtering, searching or sorting. */
export class TableMask {
  readonly #sensitivity: RecordSensitivity;

  constructor(sensitivity: RecordSensitivity) {
    this.#sensitivity = sensitivity;
  }

  /** A column of the rows, or `key`. */
  hides(column: string): boolean {
    const { key, value } = this.#sensitivity;
    return isSensitive(value, column) || (column === 'key' && key !== false);
  }

  /** A key as a filter sees it. */
  key(key: unknown): unknown {
    return masked(key, this.#sensitivity.key);
  }

  value(value: unknown): unknown {
    return masked(value, this.#sensitivity.value);
  }

  /** Keys that are masked are told apart by a name that says nothing of them. */
  row(row: PartitionRow): PartitionRow {
    const { key, value } = this.#sensitivity;
    if (key === false && value === false) return row;
    const shown = { ...row, value: this.value(row.value) as PartitionRow['value'] }; // an object stays one
    if (key === false) return shown;
    const name = createHmac('sha256', secret).update(keyText(row.key)).digest('hex').slice(0, nameLength);
    return { ...shown, key: `${maskText} ${name}` };
  }

  /** The query without what would tell a masked value by which rows there are or how they stand. */
  query(query: PageQuery): PageQuery {
    const { sort, search } = query;
    const hidden = this.hides(sort.column);
    return {
      ...query,
      sort: hidden ? { ...sort, column: 'updated' } : sort,
      trend: query.trend && !hidden,
      // What is looked for is in no mask.
      ...(search !== null && this.#sensitivity.key !== false ? { search: null, where: 'false' } : {}),
    };
  }
}

const isSensitive = (value: Sensitivity, column: string): boolean =>
  typeof value === 'boolean' ? value : 'items' in value || Object.hasOwn(value.fields, column);
