import { appSummary, auditEvent, generator, template, topicSummary, versionSummary } from '@millrace/protocol';
import * as z from 'zod';

/**
 * The shapes of the answers. Loaded beside the first question, not before the page: a list is drawn without the 30 kB of a validator.
 */
export {
  apiError,
  appDetail,
  deploymentState,
  deployReply,
  generator,
  planReply,
  recordsReply,
  savedDraft,
  sendReply,
  tableReply,
  topicDetail,
} from '@millrace/protocol';

export const appList = z.object({ apps: z.array(appSummary) });
export const versionText = versionSummary.extend({ text: z.string() });
export const versionList = z.object({ versions: z.array(versionSummary) });
export const eventList = z.object({ events: z.array(auditEvent) });
export const templateList = z.object({ templates: z.array(template) });
export const topicList = z.object({ topics: z.array(topicSummary) });
export const generatorKind = z.object({
  id: z.string(),
  title: z.string(),
  topic: z.string(),
  description: z.string(),
});
export const generatorList = z.object({ generators: z.array(generator), kinds: z.array(generatorKind) });
export const anything = z.unknown();
