/** A number's place in a state as JSON. JSON has no number for what overflowed to ±∞, nor for the NaN of their sum: these are written as text. */
export const numberToJson = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** What `numberToJson` was given. */
export const numberFromJson = (json: unknown): number => Number(json);

/** Whether aggregates pass over a value: no state holds a number that is not finite, except for a sum that has overflowed. */
export const isPassedOver = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

/** JSON knows no −0: as a state it is 0 from the start. */
export const withoutSign = (value: unknown): unknown => (value === 0 ? 0 : value);
