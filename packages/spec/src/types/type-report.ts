import type { Aggregate, Table } from '../document/document.ts';
import { elementWords, placeWords } from '../document/path-words.ts';
import { formatType, isUnknown } from '../document/type-text.ts';
import { type TypeCheck, typeCheck } from '../expressions/checker.ts';
import type { Scope } from '../expressions/scope.ts';
import { type DocumentPath, enoughProblems, type Problem, type ProblemCode } from '../problem.ts';
import { isNumeric, isText } from './assignable.ts';

/** Expressions that are checked in one document, each time that events of another type reach it. */
const maxChecks = 50_000;

/** Collects what inference finds wrong, each fault once. */
export class TypeReport {
  readonly problems: Problem[] = [];
  private readonly seen = new Set<string>();
  private checks = 0;

  /** Whether nothing more is checked: there are problems enough, or it has taken long. */
  get full(): boolean {
    return this.problems.length >= enoughProblems || this.checks > maxChecks;
  }

  add(problem: Problem): void {
    const identity = JSON.stringify([problem.path, problem.message, problem.span]);
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    this.problems.push(problem);
  }

  error(code: ProblemCode, path: DocumentPath, message: string, more: Pick<Problem, 'hint' | 'fix'> = {}): void {
    this.add({ code, severity: 'error', path, message, ...more });
  }

  /** Checks an expression that stands at `path`, as a whole or between `before` and `after`. */
  expression(source: string, scope: Scope, path: DocumentPath, before = '', after = ''): TypeCheck {
    if (this.full) return unchecked;
    this.checks += 1;
    if (this.checks > maxChecks)
      this.error('too-large', path, `${capital(elementWords(path))}: the document has too many expressions`, {
        hint: 'Let fewer agents feed one table, or split the app.',
      });
    const checked = typeCheck(source, scope);
    for (const { severity, message, hint, span, fix } of checked.problems) {
      const place = placeWords(path);
      this.add({
        code: 'bad-expression',
        severity,
        path,
        message: `${capital(elementWords(path))}${place === '' ? '' : `, ${place}`}: ${message}`,
        span: { start: span.start + before.length, end: span.end + before.length },
        ...(hint === undefined ? {} : { hint }),
        ...(fix === undefined
          ? {}
          : { fix: { label: fix.label, edits: [{ path, value: before + fix.source + after }] } }),
      });
    }
    return checked;
  }

  aggregate({ fn, arg }: Aggregate, scope: Scope, path: DocumentPath): void {
    if (arg === undefined) return;
    const { type } = this.expression(arg, scope, path, `${fn}(`, ')');
    if (type === null || isUnknown(type)) return;
    const takesNumbers = fn === 'sum' || fn === 'avg';
    const ordered = fn === 'min' || fn === 'max';
    if ((takesNumbers && !isNumeric(type)) || (ordered && !isNumeric(type) && !isText(type))) {
      const what = takesNumbers ? 'numbers' : 'numbers or texts';
      this.error(
        'type-mismatch',
        path,
        `${capital(elementWords(path))}: ${fn} takes ${what}; ${arg} is ${formatType(type)}`,
      );
    }
  }

  keyMismatch(id: string, table: Table, from: Scope, path: DocumentPath, candidates: readonly string[]): void {
    const message = `${capital(elementWords([...path, 'aggregate']))}: the table ${id} is keyed by ${formatType(table.key)}, the events here by ${formatType(from.key)}`;
    const [only, ...others] = candidates;
    if (only === undefined) {
      this.error('key-mismatch', [...path, 'aggregate'], message, {
        hint: `Put a group_by before this step, or make the table's key ${formatType(from.key)}.`,
      });
      return;
    }
    const fix =
      others.length > 0
        ? {}
        : { fix: { label: `Group by ${only}`, edits: [{ path, insert: true as const, value: { group_by: only } }] } };
    this.error('key-mismatch', [...path, 'aggregate'], message, {
      hint: `Put group_by: ${only} before this step.`,
      ...fix,
    });
  }
}

const unchecked: TypeCheck = { type: null, nullable: false, problems: [] };

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
