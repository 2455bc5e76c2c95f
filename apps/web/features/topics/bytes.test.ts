import { expect, test } from 'vitest';
import { bytesOf, hexLines, textOf } from './bytes.ts';

test('bytes survive base64, and are shown sixteen a line', () => {
  const bytes = bytesOf(btoa('{"ip":"10.0.0.1"}\u0000ÿ'));
  expect(textOf(bytes.subarray(0, 17))).toBe('{"ip":"10.0.0.1"}');
  expect(hexLines(bytes, 4096)).toEqual([
    { at: '0000', hex: '7b 22 69 70 22 3a 22 31  30 2e 30 2e 30 2e 31 22', text: '{"ip":"10.0.0.1"' },
    { at: '0010', hex: '7d 00 ff', text: '}··' },
  ]);
  expect(hexLines(bytes, 17)).toHaveLength(2);
  expect(hexLines(bytesOf(null), 16)).toEqual([]);
});
