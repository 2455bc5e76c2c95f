import type { Agent, AppDocument, Topic } from '../document/document.ts';
import { durationWords } from '../document/duration-words.ts';
import { own } from '../document/element.ts';
import type { Problem } from '../problem.ts';

/**
 * Sends that can't be kept: Kafka keeps a record by its event's time, so a topic that keeps less than an agent reads back, or than a window takes to
 * close, lets go of what is sent to it as it comes. Only what the document says is looked at; what brokers do by default is said while it runs.
 */
export function keptShorter(document: AppDocument): Problem[] {
  return Object.entries(document.agents).flatMap(([name, agent]) => {
    const age = oldest(document, agent);
    if (age === null) return [];
    return agent.steps.flatMap((step, index): Problem[] => {
      const topic = step.op === 'send' ? own(document.topics, step.to) : undefined;
      if (topic === undefined || !isShorter(topic, age.ms)) return [];
      return [
        {
          code: 'kept-shorter',
          severity: 'warning',
          path: ['agents', name, 'steps', index],
          message: `Agent ${name} sends to ${topic.name}, which keeps ${durationWords(topic.retentionMs ?? 0)}, ${age.words}: what is older as it is sent is not kept`,
          hint: 'Give the topic a longer retention, or forever.',
        },
      ];
    });
  });
}

const isShorter = ({ retentionMs, cleanup }: Topic, ms: number): boolean =>
  cleanup === 'delete' && retentionMs !== undefined && retentionMs >= 0 && retentionMs < ms;

/** How old an event can be as the agent gets it, as far as the document says. */
function oldest(
  { topics, tables }: AppDocument,
  { from }: Agent,
): { readonly ms: number; readonly words: string } | null {
  if (from.kind === 'changes') {
    const table = own(tables, from.table);
    if (table?.window === undefined || table.emit !== 'close') return null;
    const ms = table.window.sizeMs + table.window.graceMs;
    return { ms, words: `the windows of ${from.table}, which close after ${durationWords(ms)}` };
  }
  const kept = from.topics.flatMap((id) => {
    const retentionMs = own(topics, id)?.retentionMs;
    return retentionMs === undefined ? [] : [{ id, ms: retentionMs < 0 ? Number.POSITIVE_INFINITY : retentionMs }];
  });
  const longest = kept.reduce<(typeof kept)[number] | null>(
    (most, each) => (most === null || each.ms > most.ms ? each : most),
    null,
  );
  if (longest === null) return null;
  const words = longest.ms === Number.POSITIVE_INFINITY ? 'for ever' : durationWords(longest.ms);
  return { ms: longest.ms, words: `the events of ${longest.id}, kept ${words}` };
}
