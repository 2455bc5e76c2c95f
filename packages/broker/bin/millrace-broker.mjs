#!/usr/bin/env node
// The production bundle where there is one; in a working copy, the source through tsx.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/main.mjs', import.meta.url);
if (existsSync(fileURLToPath(bundle))) await import(bundle.href);
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(new URL('../src/main.ts', import.meta.url).href);
}
