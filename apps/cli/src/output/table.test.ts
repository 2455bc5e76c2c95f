import { expect, test } from 'vitest';
import { formatTable } from './table.ts';

test('columns are as wide as their widest cell, numbers stand on the right, nothing trails', () => {
  const text = formatTable(
    [{ title: 'app' }, { title: 'lag', right: true }, { title: 'status' }],
    [
      ['login-watch', '12', 'running'],
      ['a', '3120', ''],
    ],
  );
  expect(text.split('\n')).toEqual(['app           lag  status', 'login-watch    12  running', 'a            3120']);
});
