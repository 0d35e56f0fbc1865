// The plans of plans.mjs, as nsexec gets them.
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {here} from './tools.mjs';

let loading;

/** What plans.mjs exports. */
export function plans() {
  loading ??= load();
  return loading;
}

async function load() {
  const require = createRequire(join(here, '../../packages/plan/package.json'));
  const outfile = join(here, 'build/check/plans.mjs');
  await require('esbuild').build({
    entryPoints: [fileURLToPath(new URL('plans.mjs', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['development'],
  });
  return import(pathToFileURL(outfile));
}
