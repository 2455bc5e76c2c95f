/**
 * Which regular expressions a document may hold. JavaScript's matcher backtracks, so a pattern such as `(a+)+$` takes exponential time on
 * a short text. Refused are therefore: a repeated group that holds another unbounded repetition or an alternation, back-references, and
 * long patterns. What is left is at worst polynomial, and its input is cut at `maxSubjectLength`.
 */
export const maxPatternLength = 200;

/** `matches` looks at no more of a text than this many characters. */
export const maxSubjectLength = 10_000;

/** Why a document may not use this pattern; null when it may. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > maxPatternLength) return `is a pattern of more than ${maxPatternLength} characters`;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, '') : 'it does not parse'}`;
  }
  return isSafe(pattern)
    ? null
    : 'could take for ever on some texts: it repeats a group that itself repeats or alternates';
}

interface Group {
  /** Holds a repetition without a small bound, or an alternation. */
  variable: boolean;
}

function isSafe(pattern: string): boolean {
  const open: Group[] = [{ variable: false }];
  let closed: Group | null = null;
  let repetitions = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    const group = open.at(-1);
    if (group === undefined) return false;
    if (char === '\\') {
      if (/[1-9k]/.test(pattern[i + 1] ?? '')) return false;
      i++;
      closed = null;
    } else if (char === '[') {
      i = endOfClass(pattern, i);
      closed = null;
    } else if (char === '(') {
      open.push({ variable: false });
      closed = null;
    } else if (char === ')') {
      closed = open.pop() ?? null;
      const outer = open.at(-1);
      if (outer !== undefined && closed?.variable === true) outer.variable = true;
    } else if (char === '|') {
      group.variable = true;
      closed = null;
    } else {
      const bound = repetitionAt(pattern, i);
      if (bound > 1) {
        if (closed?.variable === true) return false;
        if (bound > 20) {
          group.variable = true;
          repetitions++;
        }
      }
      if (char === '{') i = Math.max(i, pattern.indexOf('}', i));
      closed = null;
    }
  }
  return repetitions <= 6;
}

function endOfClass(pattern: string, start: number): number {
  for (let i = start + 1; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === ']') return i;
  }
  return pattern.length;
}

/** How often the quantifier at `i` may repeat; 0 where there is none. */
function repetitionAt(pattern: string, i: number): number {
  const char = pattern[i];
  if (char === '*' || char === '+') return Number.POSITIVE_INFINITY;
  if (char !== '{') return 0;
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(pattern.slice(i)) ?? [];
  if (least === undefined) return 0;
  if (comma === '') return Number(least);
  return most === '' || most === undefined ? Number.POSITIVE_INFINITY : Number(most);
}
