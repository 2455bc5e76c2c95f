import * as z from 'zod';
import { defaultDeadLetterTopic } from '../names.ts';
import type { Problem } from '../problem.ts';
import { agentSchema } from './agent.ts';
import type { AppDocument, Topic } from './document.ts';
import { own } from './element.ts';
import { modelSchema } from './field.ts';
import { form } from './form.ts';
import { collection, idProblem, idSchema, modelNameProblem } from './id.ts';
import { problemOfIssue } from './schema-problem.ts';
import { settingsSchema } from './settings.ts';
import { tableSchema } from './table.ts';
import { topicSchema } from './topic.ts';

/** The document as it is written: plain data, in short or long forms. */
export type AuthoredDocument = Readonly<Record<string, unknown>>;

const documentForm = form('a document', {
  app: idSchema,
  label: z.string().optional(),
  description: z.string().optional(),
  models: collection('a model', modelSchema, modelNameProblem),
  topics: collection('a topic', topicSchema, idProblem),
  tables: collection('a table', tableSchema, idProblem),
  agents: collection('an agent', agentSchema, idProblem),
  settings: settingsSchema.prefault({}),
  layout: z.record(z.string(), z.object({ x: z.number(), y: z.number() })).default({}),
});

/**
 * Reads the authored form into the normalized one: short forms spelled out, durations in milliseconds, defaults in place.
 * The document is null when something does not fit; the problems then are all of that kind. References, types and expressions are not
 * looked at: that is `validateDocument`.
 */
export function normalizeDocument(authored: unknown): { document: AppDocument | null; problems: Problem[] } {
  const result = documentForm.safeParse(authored);
  if (!result.success) {
    return { document: null, problems: result.error.issues.map((issue) => problemOfIssue(issue, authored)) };
  }
  const { app, label, description, models, topics: written, tables, agents, settings, layout } = result.data;
  const topics: Record<string, Topic> = {};
  for (const [id, topic] of Object.entries(written)) topics[id] = { ...topic, name: topic.name ?? id };
  const { deadLetters } = settings;
  const document: AppDocument = {
    app,
    ...(label === undefined ? {} : { label }),
    ...(description === undefined ? {} : { description }),
    models,
    topics,
    tables,
    agents,
    settings: {
      commitIntervalMs: settings.commit,
      bufferMaxRecords: settings.buffer,
      bufferResumeRatio: settings.bufferResume,
      idleTimeoutMs: settings.idle,
      startFrom: settings.startFrom,
      deadLetterTopic:
        deadLetters === undefined ? defaultDeadLetterTopic(app) : (own(topics, deadLetters)?.name ?? deadLetters),
    },
    layout,
  };
  return { document, problems: [] };
}
