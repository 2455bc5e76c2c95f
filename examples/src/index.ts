export type { EventGenerator, GeneratedEvent, GeneratorOptions } from './generator.ts';
export { generators } from './generators.ts';
export { integer, type Random, seededRandom } from './random.ts';
export { loadTemplates, type Template } from './templates.ts';
