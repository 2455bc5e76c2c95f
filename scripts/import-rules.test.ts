import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** The house's table (ARCHITECTURE.md): what each workspace may depend on, our own packages and npm's. Tests may use more, through devDependencies. */
const allowed: Record<string, readonly string[]> = {
  'packages/spec': ['acorn', 'big.js', 'yaml', 'zod'],
  'packages/protocol': ['@millrace/dataflow', '@millrace/spec', 'zod'],
  'packages/dataflow': ['@millrace/spec'],
  'packages/streams': ['@millrace/dataflow', '@millrace/spec'],
  'packages/transport-kafkajs': ['@millrace/streams', 'fzstd', 'kafkajs'],
  'packages/broker': [],
  'packages/db': ['@prisma/adapter-pg', '@prisma/client', 'pg'],
  examples: ['@millrace/spec'],
  'apps/engine': [
    '@millrace/dataflow',
    '@millrace/db',
    '@millrace/examples',
    '@millrace/protocol',
    '@millrace/spec',
    '@millrace/streams',
    '@millrace/transport-kafkajs',
    'socket.io',
    'zod',
  ],
  'apps/cli': [
    '@millrace/broker',
    '@millrace/dataflow',
    '@millrace/db',
    '@millrace/protocol',
    '@millrace/spec',
    'commander',
    'zod',
  ],
};

/** Only these folders may import these packages, tests included. */
const onlyImporters: Record<string, readonly string[]> = {
  kafkajs: [
    'packages/transport-kafkajs/',
    'packages/broker/conformance/',
    'packages/broker/clients/',
    'e2e/',
    'bench/',
  ],
  '@prisma/client': ['packages/db/'],
  pg: ['packages/db/'],
  'socket.io-client': ['apps/web/lib/engine-client/', 'apps/engine/src/'],
  'socket.io': ['apps/engine/'],
};

/** Folders that measure durations and read no wall clock, which jumps. */
const timeless = ['packages/transport-kafkajs/src'];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
}

const manifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest; // npm has parsed it before us.

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.next', 'generated', '.cache', '.millrace'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
    ),
  ].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isBare = (specifier: string) => /^[a-z@]/.test(specifier) && !specifier.startsWith('@/') && !isBuiltin(specifier);
// A bin runs the source through tsx in a checkout that was not built.
const isTest = (file: string) => /\.test\.tsx?$|\/(testing|conformance|clients|bin)\//.test(file);

test.each(Object.entries(allowed))('%s depends on nothing but what the table allows', (folder, packages) => {
  expect(Object.keys(manifest(folder).dependencies ?? {}).filter((name) => !packages.includes(name))).toEqual([]);
});

test.each([...Object.keys(allowed), 'apps/web'])('%s imports only what its package.json declares', (folder) => {
  const { name, dependencies = {}, devDependencies = {} } = manifest(folder);
  const undeclared = sources(folder).flatMap((file) =>
    importsOf(file)
      .filter(isBare)
      .map(packageOf)
      .filter(
        (specifier) =>
          specifier !== name &&
          !(specifier in dependencies) &&
          !(isTest(file) && (specifier in devDependencies || ['vitest', 'fast-check', 'tsx'].includes(specifier))),
      )
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(undeclared).toEqual([]);
});

test('the dashboard depends on no runtime, no transport and no broker of ours', () => {
  const ours = Object.keys(manifest('apps/web').dependencies ?? {}).filter((name) => name.startsWith('@millrace/'));
  expect(ours.sort()).toEqual([
    '@millrace/dataflow',
    '@millrace/db',
    '@millrace/examples',
    '@millrace/protocol',
    '@millrace/spec',
  ]);
});

test.each(Object.entries(onlyImporters))('%s is imported only where it belongs', (name, folders) => {
  const strangers = ['packages', 'apps', 'examples', 'e2e', 'bench']
    .flatMap(sources)
    .filter((file) => importsOf(file).some((specifier) => packageOf(specifier) === name))
    .filter((file) => !folders.some((folder) => file.startsWith(folder)));
  expect(strangers).toEqual([]);
});

test('no workspace reaches into another by a relative path', () => {
  const workspaces = [...Object.keys(allowed), 'apps/web', 'e2e', 'bench'];
  const strays = workspaces.flatMap((folder) =>
    sources(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => ({ specifier, path: join(file, '..', specifier) }))
        .filter(({ path }) => !path.startsWith(`${folder}/`) && !path.startsWith('scripts/'))
        .map(({ specifier }) => `${file} imports ${specifier}`),
    ),
  );
  expect(strays).toEqual([]);
});

test('[X6] the Kafka driver reads no wall clock', () => {
  const readers = timeless
    .flatMap(sources)
    .filter((file) => !isTest(file) && /\bDate\.now\b|new Date\b/.test(readFileSync(join(root, file), 'utf8')));
  expect(readers).toEqual([]);
});
