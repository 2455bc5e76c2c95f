// Builds what production runs: engine, command line and broker as bundles, the dashboard by Next. `--fast` skips what has not changed.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureGenerated, ensureInstalled, fingerprint, program, root, run, step, unlessDone } from './workspace.mjs';

/** Source files below a folder. @param {string} folder @returns {string[]} */
function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.next', '.cache'].includes(entry.name) || entry.name.includes('.test.')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const bundles = [
  {
    folder: 'apps/engine',
    entries: { main: 'src/main.ts', worker: 'src/worker/main.ts', generator: 'src/generators/main.ts' },
  },
  { folder: 'apps/cli', entries: { main: 'src/main.ts', postgres: '../../packages/db/src/embedded/main.ts' } },
  { folder: 'apps/web', entries: { server: 'server/main.ts' } },
  { folder: 'packages/broker', entries: { main: 'src/main.ts' } },
];

/** Bundles one folder's entries; npm packages stay outside, our own packages go in. @param {(typeof bundles)[number]} bundle */
async function bundle({ folder, entries }) {
  const { build } = await import('esbuild');
  await build({
    absWorkingDir: join(root, folder),
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => path !== undefined)),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'npm-packages-stay-outside',
        setup(context) {
          context.onResolve({ filter: /^[^./]/ }, (args) =>
            args.kind === 'entry-point' || args.path.startsWith('@millrace/')
              ? null
              : { path: args.path, external: true },
          );
        },
      },
    ],
  });
}

export async function buildAll() {
  await ensureInstalled();
  await ensureGenerated();
  const shared = [
    'package-lock.json',
    'tsconfig.base.json',
    'scripts/build.mjs',
    ...filesBelow('packages'),
    ...filesBelow('examples'),
  ];
  const built = (/** @type {string} */ path) => existsSync(join(root, path)) && statSync(join(root, path)).size > 0;
  const print = (/** @type {string[]} */ files) => fingerprint(files.map((file) => join(root, file)));
  const services = print([
    ...shared,
    ...filesBelow('apps/engine'),
    ...filesBelow('apps/cli'),
    ...filesBelow('apps/web/server'),
  ]);
  await unlessDone('build-services', built('apps/web/dist/server.mjs') ? services : `${services}-missing`, () =>
    step('Building engine, broker and command line', async () => {
      for (const each of bundles) await bundle(each);
      return 0;
    }),
  );
  const web = print([...shared, ...filesBelow('apps/web')]);
  await unlessDone('build-web', built('apps/web/.next/BUILD_ID') ? web : `${web}-missing`, () =>
    step('Building the dashboard', () =>
      run(process.execPath, [...program('next/dist/bin/next'), 'build', 'apps/web'], {
        quiet: true,
        env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
      }),
    ),
  );
}

if (process.argv[1] === join(root, 'scripts', 'build.mjs')) await buildAll();
