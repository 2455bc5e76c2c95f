import { extreme } from './extreme.ts';

export const max = extreme((a, b) => a > b);
