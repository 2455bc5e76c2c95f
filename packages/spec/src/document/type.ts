import * as z from 'zod';

export const primitives = [
  'string',
  'int',
  'long',
  'float',
  'double',
  'decimal',
  'boolean',
  'timestamp',
  'date',
  'bytes',
  'uuid',
] as const;
export type Primitive = (typeof primitives)[number];

/** What a timestamp is in a record, other than milliseconds since 1970: `timestamp(us)`. */
export const timeUnits = ['s', 'us', 'ns', 'iso'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/** A type as the runtime and the type checker see it; written in a document as `string`, `list<LoginAttempt>`, `map<long>`, `enum: [a, b]`, … */
export type Type =
  | { readonly kind: Exclude<Primitive, 'timestamp'> }
  /** In memory always milliseconds, whatever the unit. */
  | { readonly kind: 'timestamp'; readonly unit?: TimeUnit }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly items: Type }
  | { readonly kind: 'map'; readonly values: Type }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: 'union'; readonly of: readonly Type[] };

export interface Field {
  readonly type: Type;
  /** May be absent or null; reads as null. */
  readonly optional: boolean;
  /** Taken where the field is absent. */
  readonly default?: unknown;
  /** A text where a number of YAML would lose digits. */
  readonly min?: number | string;
  readonly max?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** The name it has in the record's JSON, where that differs. */
  readonly alias?: string;
  /** Masked in the dashboard. */
  readonly sensitive: boolean;
  readonly label?: string;
}

export const typeSchema: z.ZodType<Type> = z.lazy(() =>
  z.union([
    z
      .object({ kind: z.literal('timestamp'), unit: z.enum(timeUnits).optional() })
      .transform(({ kind, unit }): Type => (unit === undefined ? { kind } : { kind, unit })),
    z.object({ kind: z.enum(primitives).exclude(['timestamp']) }),
    z.object({ kind: z.literal('enum'), values: z.array(z.string()).min(1) }),
    z.object({ kind: z.literal('list'), items: typeSchema }),
    z.object({ kind: z.literal('map'), values: typeSchema }),
    z.object({ kind: z.literal('model'), model: z.string() }),
    z.object({ kind: z.literal('record'), fields: z.record(z.string(), z.custom<Field>()) }),
    z.object({ kind: z.literal('union'), of: z.array(typeSchema).min(1) }),
  ]),
);
