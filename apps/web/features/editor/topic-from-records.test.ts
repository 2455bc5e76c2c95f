import { applyEdits, modelFromSamples, newDocumentText, parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { modelName, topicEdits } from './topic-from-records.ts';

test('a model is called what one record is', () => {
  expect(modelName('page-views')).toBe('PageView');
  expect(modelName('entries')).toBe('Entry');
  expect(modelName('2024.logins')).toBe('Record2024Login');
});

test('an app made of a topic’s samples has no problem, and its timestamp is the event time', () => {
  const samples = Array.from({ length: 20 }, (_, index) => ({
    ip: `10.0.0.${index}`,
    ok: index % 2 === 0,
    ts: 1_795_357_748_347 + index,
  }));
  const { document, problems } = parseDocument(
    applyEdits(newDocumentText('a'), topicEdits('logins', modelFromSamples(samples, 'Login'))),
  );
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  expect(document?.topics['logins']?.eventTime).toEqual({ from: 'field', path: ['ts'] });
});
