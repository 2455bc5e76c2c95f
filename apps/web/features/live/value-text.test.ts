import { parseJson } from '@millrace/spec';
import { expect, test } from 'vitest';
import { offsetText, recordText, valueText } from './value-text.ts';

test('numbers get commas, what was calculated two decimals, nothing is a dash, the rest is JSON', () => {
  expect([47, 1234567, 1 / 8 + 0.001, 0.1 + 0.2, 1 / 3, null, 'a', { b: 1 }, false].map(valueText)).toEqual([
    '47',
    '1,234,567',
    '0.126',
    '0.3',
    '0.33',
    '–',
    'a',
    '{"b":1}',
    'false',
  ]);
});

test('an offset past what a number holds keeps every digit', () => {
  expect(['7', '901771', '9007199254740993'].map(offsetText)).toEqual(['7', '901,771', '9,007,199,254,740,993']);
});

test('every digit of a long and of a decimal is shown', () => {
  const { long, decimal, amount } = parseJson(
    '{"long":9007199254740993,"decimal":12345678901234567890.123,"amount":1.10}',
  ) as Record<string, unknown>; // an object, as it is written
  expect([long, decimal, amount].map(valueText)).toEqual(['9,007,199,254,740,993', '12345678901234567890.123', '1.10']);
  expect([long, decimal, amount, 1234567.5, { amount }].map(recordText)).toEqual([
    '9007199254740993',
    '12345678901234567890.123',
    '1.10',
    '1234567.5',
    '{"amount":1.10}',
  ]);
});
