import {
  apiError,
  apiPrefix,
  appDetail,
  applyRequest,
  appSummary,
  auditEvent,
  behindQuery,
  createApp,
  deploymentState,
  deployReply,
  deployRequest,
  desiredRequest,
  engineReply,
  generator,
  planReply,
  planRequest,
  recordsQuery,
  recordsReply,
  saveDraft,
  savedDraft,
  sendRecords,
  sendReply,
  startGenerator,
  tableQuery,
  tableReply,
  template,
  topicDetail,
  topicSummary,
  validateReply,
  validateRequest,
  versionSummary,
} from '@millrace/protocol';
import { z } from 'zod';
import { route } from './route.ts';

interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  /** Of the answer when all is well; 200 unless said. */
  readonly status?: number;
  /** Refusals beside those that every route may give (400, 403, 503). */
  readonly refusals?: Readonly<Record<number, string>>;
}

const listOf = (name: string, schema: z.ZodType) => z.object({ [name]: z.array(schema) });
const text = z.object({ text: z.string().max(1_000_000) });
const tuning = z.object({ ratePerSecond: z.number(), skew: z.number() }).partial();
const noApp = { 404: 'There is no such app' };
const confirmation = { 409: 'stale-draft, deployment-moved, or needs-confirmation with the plan' };

const operations: readonly Operation[] = [
  { method: 'get', path: '/apps', summary: 'All apps', reply: listOf('apps', appSummary) },
  {
    method: 'post',
    path: '/apps',
    summary: 'Create an app: empty, from a template, or from text',
    body: createApp,
    reply: appDetail,
    status: 201,
    refusals: { 409: 'app-exists' },
  },
  { method: 'get', path: '/apps/{app}', summary: 'An app with its draft', reply: appDetail, refusals: noApp },
  {
    method: 'delete',
    path: '/apps/{app}',
    summary: 'Forget a stopped app; its Kafka topics stay',
    status: 204,
    refusals: { ...noApp, 409: 'app-running' },
  },
  {
    method: 'put',
    path: '/apps/{app}/draft',
    summary: 'Save the draft over the revision that was edited',
    body: saveDraft,
    reply: savedDraft,
    refusals: { ...noApp, 409: 'stale-draft, with what is there now' },
  },
  {
    method: 'post',
    path: '/apps/{app}/plan',
    summary: 'What a deploy would do',
    body: planRequest,
    reply: planReply,
    refusals: noApp,
  },
  {
    method: 'post',
    path: '/apps/{app}/deploy',
    summary: 'Deploy the draft, or an older version again',
    body: deployRequest,
    reply: deployReply,
    status: 202,
    refusals: { ...noApp, ...confirmation },
  },
  {
    method: 'post',
    path: '/apps/{app}/desired',
    summary: 'Run, pause or stop',
    body: desiredRequest,
    reply: deploymentState,
    refusals: { ...noApp, 409: 'not-deployed' },
  },
  {
    method: 'get',
    path: '/apps/{app}/versions',
    summary: 'Versions, newest first',
    reply: listOf('versions', versionSummary),
    refusals: noApp,
  },
  {
    method: 'get',
    path: '/apps/{app}/versions/{version}',
    summary: 'A version with its text',
    reply: versionSummary.extend({ text: z.string() }),
    refusals: noApp,
  },
  {
    method: 'get',
    path: '/apps/{app}/export',
    summary: 'The draft’s YAML, or a version’s',
    query: z.object({ version: z.number().int().optional() }),
    refusals: noApp,
  },
  {
    method: 'get',
    path: '/apps/{app}/events',
    summary: 'Who did what, newest first',
    reply: listOf('events', auditEvent),
    refusals: noApp,
  },
  {
    method: 'post',
    path: '/validate',
    summary: 'Problems of a document; changes nothing',
    body: validateRequest,
    reply: validateReply,
  },
  {
    method: 'post',
    path: '/plan',
    summary: 'What deploying a document would do to the app that it names',
    body: text,
    reply: planReply,
  },
  {
    method: 'post',
    path: '/apply',
    summary: 'Make a document the draft of its app, and deploy it',
    body: applyRequest,
    reply: deployReply,
    status: 202,
    refusals: confirmation,
  },
  { method: 'get', path: '/templates', summary: 'Documents to start from', reply: listOf('templates', template) },
  { method: 'get', path: '/health', summary: 'Whether the dashboard can save', reply: z.object({ ok: z.boolean() }) },
  {
    method: 'get',
    path: '/engine',
    summary: 'The engine, its workers, Kafka’s and Postgres’ health, and what runs',
    reply: engineReply,
  },
  { method: 'post', path: '/engine/retry', summary: 'Try Kafka and Postgres at once', status: 202 },
  { method: 'get', path: '/topics', summary: 'Kafka’s topics', reply: listOf('topics', topicSummary) },
  {
    method: 'get',
    path: '/topics/{name}',
    summary: 'A topic',
    reply: topicDetail,
    refusals: { 404: 'There is no such topic' },
  },
  {
    method: 'get',
    path: '/topics/{name}/records',
    summary: 'Records of a topic',
    query: recordsQuery,
    reply: recordsReply,
    refusals: { 404: 'There is no such topic' },
  },
  {
    method: 'post',
    path: '/topics/{name}/records',
    summary: 'Send records, encoded with the declared model',
    body: sendRecords,
    reply: sendReply,
  },
  {
    method: 'get',
    path: '/tables/{app}/{table}',
    summary: 'Rows of a table',
    query: tableQuery,
    reply: tableReply,
    refusals: { 404: 'There is no such table' },
  },
  {
    method: 'get',
    path: '/tables/{app}/{table}/records',
    summary: 'The source records behind a row',
    query: behindQuery,
    reply: recordsReply,
  },
  {
    method: 'get',
    path: '/generators',
    summary: 'Generators of sample records',
    reply: listOf('generators', generator),
  },
  { method: 'post', path: '/generators', summary: 'Start one', body: startGenerator, reply: generator, status: 201 },
  { method: 'patch', path: '/generators/{id}', summary: 'Change its rate or skew', body: tuning, reply: generator },
  { method: 'delete', path: '/generators/{id}', summary: 'Stop it', reply: generator },
];

const json = (schema: z.ZodType, io: 'input' | 'output') => ({
  'application/json': { schema: jsonSchema(schema, io) },
});

function jsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  // Plans and problems are the spec's own plain types: any object, as far as JSON Schema goes.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  return rest;
}

function describe({ summary, path, query, body, reply, status = 200, refusals = {} }: Operation) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !z.safeParse(schema as z.ZodType, undefined).success, // as: zod types a shape's values by its core
    schema: jsonSchema(schema as z.ZodType, 'output'),
  }));
  const refused = Object.entries({
    400: 'What was sent is wrong; `problems` lists it',
    403: 'Not from a page of this dashboard',
    503: 'Postgres or the engine cannot be reached',
    ...refusals,
  });
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, 'input') } }),
    responses: {
      [status]: { description: 'As asked', ...(reply === undefined ? {} : { content: json(reply, 'output') }) },
      ...Object.fromEntries(
        refused.map(([code, description]) => [code, { description, content: json(apiError, 'output') }]),
      ),
    },
  };
}

/** The API as OpenAPI 3.1, made from the schemas that check it. */
export function openApiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `${apiPrefix}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return { openapi: '3.1.0', info: { title: 'Millrace', version: '1' }, paths };
}

export const getOpenApi = route(() => openApiDocument());
