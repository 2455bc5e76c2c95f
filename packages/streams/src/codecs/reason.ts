const maxReason = 500;
const keptEnd = 120;
/** What a cut leaves of a character of two halves. */
const halves = /[\uD800-\uDBFF]$|^[\uDC00-\uDFFF]/g;

/** A reason at a length that fits a header and a line, whatever it quotes: its beginning and its end stay. */
export const boundedReason = (reason: string): string =>
  reason.length <= maxReason
    ? reason
    : `${reason.slice(0, maxReason - keptEnd - 1).replace(halves, '')}…${reason.slice(-keptEnd).replace(halves, '')}`;
