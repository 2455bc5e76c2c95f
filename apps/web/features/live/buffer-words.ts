import { formatCount } from '#lib/format.ts';

/** How full a partition's buffer is. A batch that was on its way when the buffer filled is taken whole: then there is more than the bound, and it says so. */
export const bufferWords = (buffered: number, bound: number): string =>
  buffered > bound
    ? `${formatCount(buffered)}, bound ${formatCount(bound)}`
    : `${formatCount(buffered)} of ${formatCount(bound)}`;
