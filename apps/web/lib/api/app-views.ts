import type { Deployment, StoredApp, VersionSummaryRow } from '@millrace/db';
import type { AppDetail, AppSummary, DeploymentState, VersionSummary } from '@millrace/protocol';
import { readDocument, readDraft } from './drafted-document.ts';
import { countChanges } from './plan.ts';

/** An app as lists show it. */
export function appSummary(app: StoredApp): AppSummary {
  const { document, problems } = readDraft(app.id, app.draft.text);
  const deployed = app.deployedText === null ? null : readDocument(app.deployedText).document;
  const shown = document ?? deployed;
  return {
    app: app.id,
    label: shown?.label ?? null,
    description: shown?.description ?? null,
    draft: {
      revision: app.draft.revision,
      savedAt: app.draft.savedAt.toISOString(),
      changes: document === null ? Number(app.draft.text !== app.deployedText) : countChanges(deployed, document),
      problems: problems.filter(({ severity }) => severity === 'error').length,
    },
    latestVersion: app.newest?.number ?? null,
    deployment: app.deployment === null ? null : deploymentState(app.deployment),
    topics: Object.values(shown?.topics ?? {}).map(({ name }) => name),
    tables: Object.keys(shown?.tables ?? {}),
  };
}

export function appDetail(app: StoredApp, versions: readonly VersionSummaryRow[]): AppDetail {
  return {
    ...appSummary(app),
    text: app.draft.text,
    problems: [...readDraft(app.id, app.draft.text).problems],
    versions: versions.map(versionSummary),
  };
}

export function deploymentState(deployment: Deployment): DeploymentState {
  const { version, desired, generation, outcome, runningVersion, reason, deployedAt, actor } = deployment;
  return { version, desired, generation, outcome, runningVersion, reason, deployedAt: deployedAt.toISOString(), actor };
}

export function versionSummary({ number, message, createdAt, actor }: VersionSummaryRow): VersionSummary {
  return { version: number, message, createdAt: createdAt.toISOString(), actor };
}
