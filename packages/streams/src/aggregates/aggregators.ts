import type { AggregateFunction } from '@millrace/spec';
import type { Aggregator } from './aggregator.ts';
import { avg } from './avg.ts';
import { count } from './count.ts';
import { distinct } from './distinct.ts';
import { first } from './first.ts';
import { last } from './last.ts';
import { max } from './max.ts';
import { min } from './min.ts';
import { sum } from './sum.ts';

export const aggregators: Readonly<Record<AggregateFunction, Aggregator>> = {
  count,
  sum,
  min,
  max,
  avg,
  first,
  last,
  distinct,
};
