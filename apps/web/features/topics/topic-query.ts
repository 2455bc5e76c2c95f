import type { TopicDetail, TopicRecord } from '@millrace/protocol';
import { hasFields } from '@millrace/spec';
import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import type { From } from '#lib/api-client/records.ts';

export const sources = ['live', 'newest', 'beginning', 'offset', 'time'] as const;
export type Source = (typeof sources)[number];

/** What a topic's page shows, as its address says it. */
export const topicParams = {
  /** The app whose model and positions are shown. */
  app: parseAsString,
  from: parseAsStringLiteral(sources).withDefault('live'),
  partition: parseAsInteger,
  offset: parseAsString.withDefault('0'),
  /** Epoch ms. */
  time: parseAsInteger,
  where: parseAsString.withDefault(''),
  /** The record in the panel: `{partition}/{offset}`. */
  record: parseAsString,
};

export function startOf(from: Exclude<Source, 'live'>, offset: string, timeMs: number | null): From {
  switch (from) {
    case 'newest':
    case 'beginning':
      return { from };
    case 'offset':
      return { from, offset: /^\d+$/.test(offset) ? offset : '0' };
    case 'time':
      return { from, timeMs: timeMs ?? 0 };
  }
}

export const recordId = ({ partition, offset }: Pick<TopicRecord, 'partition' | 'offset'>): string =>
  `${partition}/${offset}`;

export type Declared = NonNullable<TopicDetail['declared']>;

const maxFields = 5;

/** The fields that rows show: the declared ones but event time, which has its own column; else those of the records themselves. */
export function fieldsOf(declared: Declared | null | undefined, records: readonly TopicRecord[]): string[] {
  const names =
    declared && declared.fields.length > 0
      ? declared.fields.map(({ name }) => name)
      : Object.keys(asObject(records.find(({ value }) => asObject(value) !== null)?.value) ?? {});
  return names.filter((name) => declared?.eventTime !== `value.${name}`).slice(0, maxFields);
}

export const asObject = (value: unknown): Readonly<Record<string, unknown>> | null => (hasFields(value) ? value : null);

export const sensitiveFields = (declared: Declared | null | undefined): ReadonlySet<string> =>
  new Set(declared?.fields.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])));

/** Stands for a sensitive value, whatever its length. */
export const masked = '••••••';

/** `604800000` → `7 d`; −1 is for ever. */
export function retentionText(ms: string | undefined): { readonly value: string; readonly unit?: string } | null {
  if (ms === undefined || !/^-?\d+$/.test(ms)) return null;
  const amount = Number(ms);
  if (amount < 0) return { value: 'for ever' };
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ] as const;
  const [unit, size] = units.find(([, each]) => amount >= each && amount % each === 0) ??
    units.find(([, each]) => amount >= each) ?? ['ms', 1];
  return { value: `${Math.round(amount / size)}`, unit };
}
