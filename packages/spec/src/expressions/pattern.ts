/**
 * The regular expressions of documents. JavaScript's own matcher backtracks, and takes exponential time for patterns such as `(a+)+$`; a worker
 * must not hang on a record. Patterns therefore run on all their states at once (Thompson, 1968): time is at most the length of the text times the
 * size of the pattern, and bounded for each text. What that can't do, look-around and back-references, is refused.
 */
import { Automaton, type State } from './pattern-automaton.ts';
import { PatternFault, type PatternNode, readPattern } from './pattern-syntax.ts';

/** No pattern may be longer, or have more states once its counted repetitions are written out. */
export const maxPatternLength = 500;
const maxStates = 2_000;

/** Why a document may not use this pattern; null when it may. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > maxPatternLength) return `is a pattern of more than ${maxPatternLength} characters`;
  try {
    new RegExp(pattern, 'u');
    compilePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof PatternFault) return error.message;
    if (error instanceof SyntaxError) return `is not a regular expression: ${error.message.replace(/^.*: /, '')}`;
    throw error;
  }
}

/** Whether the pattern is found anywhere in a text, as `RegExp.test` of the same pattern with the flag `u`. @throws PatternFault; what it returns throws `PatternTooSlow` */
export function compilePattern(pattern: string): (text: string) => boolean {
  const states: State[] = [];
  emit(readPattern(pattern), states);
  states.push({ kind: 'found' });
  const automaton = new Automaton(states);
  return (text) => automaton.finds(text);
}

/** Writes a node's states; it goes on behind the last of them. */
function emit(node: PatternNode, states: State[]): void {
  if (states.length > maxStates) throw new PatternFault('repeats too much');
  switch (node.kind) {
    case 'character':
    case 'assertion':
      states.push(node);
      break;
    case 'sequence':
      for (const part of node.parts) emit(part, states);
      break;
    case 'choice':
      emitChoice(node.options, states);
      break;
    case 'repeat':
      emitRepeat(node, states);
      break;
  }
}

function emitChoice(options: readonly PatternNode[], states: State[]): void {
  const fork = states.push({ kind: 'split', to: [] }) - 1;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const option of options) {
    starts.push(states.length);
    emit(option, states);
    ends.push(states.push({ kind: 'split', to: [] }) - 1);
  }
  states[fork] = { kind: 'split', to: starts };
  for (const end of ends) states[end] = { kind: 'split', to: [states.length] };
}

function emitRepeat({ part, least, most }: PatternNode & { kind: 'repeat' }, states: State[]): void {
  for (let count = 0; count < least; count++) emit(part, states);
  if (most === Number.POSITIVE_INFINITY) {
    const fork = states.push({ kind: 'split', to: [] }) - 1;
    emit(part, states);
    states.push({ kind: 'split', to: [fork] });
    states[fork] = { kind: 'split', to: [fork + 1, states.length] };
    return;
  }
  const forks: number[] = [];
  for (let count = least; count < most; count++) {
    forks.push(states.push({ kind: 'split', to: [] }) - 1);
    emit(part, states);
  }
  for (const fork of forks) states[fork] = { kind: 'split', to: [fork + 1, states.length] };
}
