// Type-checks every workspace and the scripts; prints what fails and exits non-zero.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { program, root, run } from './workspace.mjs';

const folders = ['packages', 'apps'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => join(parent, name)),
);
const projects = ['.', ...folders, 'examples', 'e2e', 'bench'].filter((folder) =>
  existsSync(join(root, folder, 'tsconfig.json')),
);
let failed = 0;
for (const project of projects) {
  const code = await run(process.execPath, [...program('typescript/bin/tsc'), '--noEmit', '-p', project]);
  if (code !== 0) {
    failed += 1;
    console.error(`${project}: does not type-check`);
  }
}
process.exit(failed === 0 ? 0 : 1);
