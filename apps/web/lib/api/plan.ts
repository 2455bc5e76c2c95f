import { type ExistingTopic, type Plan, planDeploy } from '@millrace/dataflow';
import type { StoredApp } from '@millrace/db';
import type { AppDocument } from '@millrace/spec';
import { readDocument } from './drafted-document.ts';

/** What deploying this document as this version would do to the app as it is deployed; null: there is no such app yet. `existing`: Kafka's topics, where they are known. */
export function planAgainst(
  app: StoredApp | null,
  document: AppDocument,
  version: number,
  existing: ReadonlyMap<string, ExistingTopic> | null,
): Plan {
  const deployed = app?.deployedText == null ? null : readDocument(app.deployedText).document;
  const running = app?.deployment?.version;
  const from = deployed === null || running === undefined ? null : { version: running, document: deployed };
  const plan = planDeploy({
    app: document.app,
    from,
    to: { version, document },
    ...(existing !== null && { existingTopics: existing }),
  });
  // Of a stopped app nothing runs that could be swapped or pause; its state and offsets are compared all the same.
  return app?.deployment?.desired === 'stopped' ? { ...plan, how: 'start', expectedPause: { kind: 'none' } } : plan;
}

/** Elements of the draft that differ from what is deployed. */
export function countChanges(deployed: AppDocument | null, draft: AppDocument): number {
  const from = deployed === null ? null : { version: 0, document: deployed };
  const { elements } = planDeploy({ app: draft.app, from, to: { version: 0, document: draft } });
  return elements.filter(({ change }) => change !== 'kept').length;
}
