import { type Edit, modelFromSamples, parseJson, type SampledModel } from '@millrace/spec';
import { newestRecords } from '#lib/api-client/engine.ts';
import { ApiFailure } from '#lib/api-client/request.ts';

const wanted = 50;

/** `page-views` to `PageView`: what one of its records is called. */
export function modelName(topic: string): string {
  const words = topic.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1');
  return /^[A-Za-z]/.test(name) ? name : `Record${name}`;
}

/** The model of a topic's newest records. Throws `ApiFailure` where there are none, or none that is a JSON object. */
export async function sampleTopic(topic: string): Promise<SampledModel> {
  const records = await newestRecords(topic, wanted);
  const model = modelFromSamples(
    records.map((record) => jsonOf(record)),
    modelName(topic),
  );
  if (model.samples === 0)
    throw new ApiFailure(
      'no-samples',
      `${topic} has ${records.length === 0 ? 'no records' : 'no JSON records'} to infer a model from.`,
      { hint: 'Add the topic by hand, with a model or as text.' },
    );
  return model;
}

/** A record's value as it came: an object already, or the text of one. */
function jsonOf(record: { readonly value: unknown; readonly raw: { readonly value: string | null } }): unknown {
  if (typeof record.value === 'object' && record.value !== null) return record.value;
  try {
    return parseJson(typeof record.value === 'string' ? record.value : atob(record.raw.value ?? ''));
  } catch {
    return null; // not JSON: it is no sample of a model
  }
}

/** What adds a topic with its model to a document; its first timestamp becomes the event time. */
export function topicEdits(topic: string, model: SampledModel): Edit[] {
  const time = Object.entries(model.fields).find(([, type]) =>
    /^timestamp(\(\w+\))?$/.test(String(typeof type === 'string' ? type : (type as { type?: unknown }).type)),
  )?.[0]; // authored types are text or mappings
  return [
    { path: ['models', model.name], value: model.fields },
    {
      path: ['topics', topic],
      value: { key: 'string', value: model.name, ...(time !== undefined && { eventTime: `value.${time}` }) },
    },
  ];
}

export const topicFromRecords = async (topic: string): Promise<Edit[]> => topicEdits(topic, await sampleTopic(topic));
