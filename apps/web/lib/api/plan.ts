import type { StoredApp } from '@millrace/db';
import { type AppDocument, type Plan, planDeploy } from '@millrace/spec';
import { readDocument } from './drafted-document.ts';

/** What deploying this document as this version would do to the app as it is deployed; null: there is no such app yet. */
export function planAgainst(app: StoredApp | null, document: AppDocument, to: number): Plan {
  const deployed = app?.deployedText == null ? null : readDocument(app.deployedText).document;
  return planDeploy(deployed, document, { from: app?.deployment?.version ?? null, to });
}

/** Elements of the draft that differ from what is deployed. */
export function countChanges(deployed: AppDocument | null, draft: AppDocument): number {
  return planDeploy(deployed, draft, { from: null, to: 0 }).elements.filter(({ change }) => change !== 'kept').length;
}
