import { extreme } from './extreme.ts';

export const min = extreme((a, b) => a < b);
