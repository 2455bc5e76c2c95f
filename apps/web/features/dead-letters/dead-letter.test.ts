import type { TopicRecord } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { deadLetterOf } from './dead-letter.ts';

const record = (headers: Readonly<Record<string, string>>): TopicRecord => ({
  partition: 0,
  offset: '1',
  timestampMs: 5,
  eventTimeMs: null,
  key: null,
  keyText: null,
  value: null,
  reason: null,
  headers: Object.entries(headers).map(([name, text]) => ({ name, text })),
  sizeBytes: 1,
  raw: { key: null, value: null },
  masked: false,
  tombstone: false,
  cut: false,
});

test('origin, reason and step come from the headers', () => {
  const headers = {
    'millrace.error': 'ok is missing',
    'millrace.agent': 'count',
    'millrace.step': 'filter',
    'millrace.origin.topic': 'logins',
    'millrace.origin.partition': '3',
    'millrace.origin.offset': '901771',
    'millrace.source.topic': 'attempts',
    'millrace.source.partition': '0',
    'millrace.source.offset': '17',
    'millrace.at': '99',
  };
  expect(deadLetterOf('a', record(headers))).toMatchObject({
    app: 'a',
    origin: { topic: 'logins', partition: 3, offset: '901771' },
    source: { topic: 'attempts', partition: 0, offset: '17' },
    reason: 'ok is missing',
    agent: 'count',
    step: 'filter',
    atMs: 99,
  });
});

test('a record that something else wrote there is shown without an origin', () => {
  expect(deadLetterOf('a', record({ 'millrace.origin.topic': 'logins' }))).toMatchObject({
    origin: null,
    agent: null,
    atMs: 5,
  });
});
