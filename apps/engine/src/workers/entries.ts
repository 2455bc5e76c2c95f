import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that is forked, and Node's own arguments for it. */
export interface Entry {
  readonly file: string;
  readonly execArgv: readonly string[];
}

export interface Entries {
  readonly worker: Entry;
  readonly generator: Entry;
}

/** The children's entries beside the engine's own: `main.mjs` in the bundle, `main.ts` in the source, which tsx runs. */
export function entriesBeside(mainUrl: string): Entries {
  if (extname(fileURLToPath(mainUrl)) === '.ts') {
    const source = (path: string): Entry => ({
      file: fileURLToPath(new URL(path, mainUrl)),
      execArgv: ['--import', 'tsx'],
    });
    return { worker: source('./worker/main.ts'), generator: source('./generators/main.ts') };
  }
  const bundle = (path: string): Entry => ({
    file: fileURLToPath(new URL(path, mainUrl)),
    execArgv: ['--enable-source-maps'],
  });
  return { worker: bundle('./worker.mjs'), generator: bundle('./generator.mjs') };
}
