import { canonicalNumber, isExact } from '../numbers/exact.ts';
import { canonicalJson } from './write.ts';

/** A key as one text: how it is shown, searched for and told from others. A text is itself, all else its canonical JSON; no two keys of one type share it. */
export function keyText(key: unknown): string {
  if (typeof key === 'string') return key;
  return isExact(key) ? canonicalNumber(key) : canonicalJson(key);
}
