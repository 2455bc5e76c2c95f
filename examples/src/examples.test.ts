import { join } from 'node:path';
import { parseDocument } from '@millrace/spec';
import { expect, test } from 'vitest';
import { generators } from './generators.ts';
import { seededRandom } from './random.ts';
import { loadTemplates } from './templates.ts';
import { zipf } from './zipf.ts';

const templates = loadTemplates(join(import.meta.dirname, '..', '..'));

test('the introductory template comes first', () => {
  expect(templates.map(({ id }) => id)).toEqual(['login-watch', 'orders-by-region', 'page-views', 'sensor-averages']);
});

test.each(templates)('$id validates without a problem', ({ text }) => {
  expect(parseDocument(text).problems).toEqual([]);
});

test.each(Object.entries(generators))('%s writes the fields of the model of its template’s topic', (_, generator) => {
  const template = templates.find(({ id }) => id === generator.template);
  const { document } = parseDocument(template?.text ?? '');
  const topic = document?.topics[generator.defaultTopic];
  const fields = topic?.value.kind === 'model' ? document?.models[topic.value.model]?.fields : undefined;
  const next = generator.create({ seed: 1, skew: 1 });
  for (let at = 0; at < 200; at++) {
    const { value } = next(1_000_000);
    for (const [name, field] of Object.entries(fields ?? {}))
      if (!field.optional) expect(value, name).toHaveProperty(name);
    for (const name of Object.keys(value)) expect(fields).toHaveProperty(name);
  }
});

test.each(Object.entries(generators))('%s gives the same events for the same seed', (_, generator) => {
  const take = () => {
    const next = generator.create({ seed: 42, skew: 0.5 });
    return Array.from({ length: 50 }, () => next(5_000));
  };
  expect(take()).toEqual(take());
});

test('Zipf: without skew all ranks are alike, with skew the first dominate', () => {
  const counts = (skew: number) => {
    const draw = zipf(seededRandom(7), 10, skew);
    const found = new Array<number>(10).fill(0);
    for (let at = 0; at < 10_000; at++) {
      const rank = draw();
      found[rank] = (found[rank] ?? 0) + 1;
    }
    return found;
  };
  expect(Math.min(...counts(0))).toBeGreaterThan(800);
  const [first = 0, second = 0] = counts(2);
  expect(first).toBeGreaterThan(5_500);
  expect(second).toBeGreaterThan(1_200);
});
