import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from '@millrace/spec';
import { generators } from './generators.ts';

/** A ready-made app: its document, and the sample data made for it. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Kafka topics that its document declares. */
  readonly topics: readonly string[];
  /** The generator of its events; null: none. */
  readonly generator: string | null;
  readonly text: string;
}

const firstTemplate = 'login-watch';

/**
 * Reads the templates' documents, the introductory one first. `root` holds `examples/`; without it MILLRACE_ROOT, or the nearest folder upwards of the
 * working one that has it. Throws an `Error` that names the folder where there are none, or the file that does not validate.
 */
export function loadTemplates(root: string = templateRoot(process.env['MILLRACE_ROOT'], process.cwd())): Template[] {
  const folder = join(root, 'examples');
  const ids = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'app.yaml')))
    .map((entry) => entry.name)
    .sort((a, b) => Number(b === firstTemplate) - Number(a === firstTemplate) || a.localeCompare(b));
  return ids.map((id) => readTemplate(id, join(folder, id, 'app.yaml')));
}

function readTemplate(id: string, file: string): Template {
  const text = readFileSync(file, 'utf8');
  const { document, problems } = parseDocument(text);
  const fault = problems.find(({ severity }) => severity === 'error');
  if (document === null || fault !== undefined)
    throw new Error(`${file} does not validate: ${fault?.message ?? 'no document'}`);
  return {
    id,
    title: document.label ?? id,
    summary: document.description ?? '',
    topics: Object.values(document.topics).map(({ name }) => name),
    generator: Object.entries(generators).find(([, { template }]) => template === id)?.[0] ?? null,
    text,
  };
}

/** @throws Error where no folder upwards of `start` has templates. */
function templateRoot(told: string | undefined, start: string): string {
  if (told !== undefined && told !== '') return told;
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'examples', firstTemplate, 'app.yaml'))) return folder;
    if (folder === dirname(folder))
      throw new Error(
        `There are no templates in ${start} or above it. Set MILLRACE_ROOT to the folder that holds examples/.`,
      );
  }
}
