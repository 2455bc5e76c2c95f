// Generates the Prisma client into packages/db/src/generated, unless it is newer than the schema. `--force` generates anyway.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schema = join(root, 'prisma', 'schema.prisma');
const output = join(root, 'packages', 'db', 'src', 'generated');
const stamp = join(output, '.schema-hash');
const require = createRequire(join(root, 'packages', 'db', 'package.json'));

// A hash, not a file time: a fresh clone's times say nothing of what is newer.
const prismaVersion = require('prisma/package.json').version;
const wanted = createHash('sha256').update(readFileSync(schema)).update(prismaVersion).digest('hex');
const present = existsSync(join(output, 'client.ts')) && existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
if (present === wanted && !process.argv.includes('--force')) process.exit(0);

rmSync(output, { recursive: true, force: true });
const run = spawnSync(process.execPath, [require.resolve('prisma/build/index.js'), 'generate', '--schema', schema], {
  cwd: root,
  encoding: 'utf8',
  env: {
    ...process.env,
    // `generate` never runs the native schema engine but insists on a file being there, and would fetch it from the network.
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
if (run.status !== 0) {
  process.stderr.write(
    `The Prisma client could not be generated from ${schema}.\n${run.stdout ?? ''}${run.stderr ?? ''}`,
  );
  process.exit(run.status ?? 1);
}
writeFileSync(stamp, wanted);
