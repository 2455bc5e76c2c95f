import { type CheckedDocument, checkDocument } from '@millrace/dataflow';
import type { AppDocument, Problem } from '@millrace/spec';

const maxRemembered = 200;
const remembered = new Map<string, CheckedDocument>();

/** `checkDocument`, remembering the newest 200 texts: the list of apps asks for the same ones every few seconds. */
export function readDocument(text: string): CheckedDocument {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const parsed = checkDocument(text);
  if (remembered.size >= maxRemembered) {
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest);
      break;
    }
  }
  remembered.set(text, parsed);
  return parsed;
}

export interface DraftedDocument {
  readonly document: AppDocument | null;
  readonly problems: readonly Problem[];
  /** No problem is an error. */
  readonly deployable: boolean;
}

/** The text as the draft of this app: a document that names another app is a mistake, as an app's id never changes. */
export function readDraft(app: string, text: string): DraftedDocument {
  const { document, problems } = readDocument(text);
  const found = document === null || document.app === app ? problems : [renamed(app, document.app), ...problems];
  return {
    document,
    problems: found,
    deployable: document !== null && found.every(({ severity }) => severity !== 'error'),
  };
}

function renamed(app: string, written: string): Problem {
  return {
    code: 'app-renamed',
    severity: 'error',
    path: ['app'],
    message: `This is the draft of ${app}, and its text says app: ${written}`,
    hint: 'An app keeps its name, as its topics and its group are named for it. Create a new app for another name.',
    fix: { label: `Name it ${app} again`, edits: [{ path: ['app'], value: app }] },
  };
}
