import type { NoticeEntity } from '@millrace/protocol';
import type { AppDocument } from '@millrace/spec';
import { splitId } from '#features/editor/draft.ts';

/** What is worth knowing of an element of the canvas: of a topic, of an agent, and of the topics that the agent reads. */
export function noticesAbout(id: string, document: AppDocument, notices: readonly NoticeEntity[]): NoticeEntity[] {
  const [kind, name] = splitId(id);
  if (kind === 'topic') {
    const topic = document.topics[name]?.name;
    return notices.filter((notice) => notice.topic !== null && notice.topic === topic);
  }
  if (kind !== 'agent') return [];
  const from = document.agents[name]?.from;
  const read = new Set(from?.kind === 'topics' ? from.topics.map((topic) => document.topics[topic]?.name) : []);
  return notices.filter(({ agent, topic }) => agent === name || (agent === null && topic !== null && read.has(topic)));
}
