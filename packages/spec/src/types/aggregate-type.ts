import type { Aggregate } from '../document/document.ts';
import type { Type } from '../document/type.ts';
import { isUnknown, unknownType } from '../document/type-text.ts';
import { typeCheck } from '../expressions/checker.ts';
import type { Scope } from '../expressions/scope.ts';

/** The type of an aggregate's result over events of a scope; the unknown type when its argument has none. Nullable: no event had a value. */
export function aggregateResult(aggregate: Aggregate, scope: Scope): { type: Type; nullable: boolean } {
  const argument = aggregate.arg === undefined ? null : typeCheck(aggregate.arg, scope);
  const type = argument?.type ?? unknownType;
  const nullable = argument?.nullable ?? false;
  switch (aggregate.fn) {
    case 'count':
    case 'distinct':
      return { type: { kind: 'long' }, nullable: false };
    case 'sum':
      return {
        type: { kind: isUnknown(type) || ['int', 'long'].includes(type.kind) ? 'long' : fraction(type) },
        nullable: false,
      };
    case 'avg':
      return { type: { kind: fraction(type) }, nullable };
    case 'min':
    case 'max':
    case 'first':
    case 'last':
      return { type: type.kind === 'enum' && type.values.length === 1 ? { kind: 'string' } : type, nullable };
  }
}

/** Sums and means of decimals are decimals; of everything else that is no whole number, doubles. */
const fraction = ({ kind }: Type): 'decimal' | 'double' => (kind === 'decimal' ? 'decimal' : 'double');

/** The same, without whether it may be null. */
export const aggregateResultType = (aggregate: Aggregate, scope: Scope): Type => aggregateResult(aggregate, scope).type;
