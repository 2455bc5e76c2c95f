import { expect, test } from 'vitest';
import { offsetText, valueText } from './value-text.ts';

test('numbers get commas and at most two decimals, nothing is a dash, the rest is JSON', () => {
  expect([47, 1234567, 0.126, null, 'a', { b: 1 }, false].map(valueText)).toEqual([
    '47',
    '1,234,567',
    '0.13',
    '–',
    'a',
    '{"b":1}',
    'false',
  ]);
});

test('an offset past what a number holds keeps every digit', () => {
  expect(['7', '901771', '9007199254740993'].map(offsetText)).toEqual(['7', '901,771', '9,007,199,254,740,993']);
});
