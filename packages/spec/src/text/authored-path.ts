import { isMapping } from '../document/form.ts';
import { valueAt } from '../document/schema-problem.ts';
import { argumentOffset, parseAggregate } from '../expressions/aggregate.ts';
import type { DocumentPath, Edit, Problem } from '../problem.ts';

/**
 * Parts of a path in the long form that short forms leave out: `models.M.fields.ip.type` is written `models.M.ip`,
 * `send.to` is `send`, and `set` may stand as `map` with `"...": value`.
 */
const leftOut = new Set<string | number>(['fields', 'to', 'type', 'topics']);

/**
 * Where a path of the long form stands in the authored document. What does not exist there is kept as it is: an edit can make it. Below a
 * scalar there is nothing to show, so the path of a problem ends at it.
 */
export function authoredPath(authored: unknown, path: DocumentPath): DocumentPath {
  const found: (string | number)[] = [];
  let value = authored;
  for (const [index, part] of path.entries()) {
    const next = step(value, part);
    if (next !== undefined) {
      found.push(next);
      value = (value as Record<string | number, unknown>)[next]; // `step` has found it there
    } else if (index >= 3 && leftOut.has(part) && value !== undefined) {
      // The short form stands for it.
    } else if (part === 'fields' && index === 2) {
      // A model written as its fields.
    } else {
      return [...found, ...path.slice(index)];
    }
  }
  return found;
}

function step(value: unknown, part: string | number): string | number | undefined {
  if (Array.isArray(value)) return typeof part === 'number' && part < value.length ? part : undefined;
  if (!isMapping(value)) return undefined;
  if (Object.hasOwn(value, part)) return part;
  if (part === 'set' && Object.hasOwn(value, 'map')) return 'map';
  if (part === 'topics' && Object.hasOwn(value, 'topic')) return 'topic';
  return undefined;
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

function authoredPlace(authored: unknown, path: DocumentPath): DocumentPath {
  const whole = authoredPath(authored, path);
  const end = whole.findIndex((_, index) => isScalar(valueAt(authored, whole.slice(0, index))));
  return end < 0 ? whole : whole.slice(0, end);
}

const authoredEdit = (authored: unknown, edit: Edit): Edit => ({ ...edit, path: authoredPlace(authored, edit.path) });

/** A problem found in the normalized document, led back to what is written. */
export function authoredProblem(authored: unknown, found: Problem): Problem {
  const path = authoredPlace(authored, found.path);
  const problem = { ...found, ...authoredSpan(found, valueAt(authored, path)) };
  if (problem.fix === undefined) return { ...problem, path };
  const edits = problem.fix.edits.map((edit) => authoredEdit(authored, edit));
  return { ...problem, path, fix: { ...problem.fix, edits } };
}

/** Inside an aggregate, spans count from the text without spaces, `sum(value.amount)`. */
function authoredSpan({ path, span }: Problem, written: unknown): Pick<Problem, 'span'> {
  if (span === undefined || path[0] !== 'tables' || path[2] !== 'value' || typeof written !== 'string') return {};
  const aggregate = parseAggregate(written);
  if (!('fn' in aggregate)) return {};
  const shift = argumentOffset(written) - aggregate.fn.length - 1;
  return { span: { start: span.start + shift, end: span.end + shift } };
}
