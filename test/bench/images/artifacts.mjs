import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {build} from 'esbuild';

const execute = promisify(execFile);
const images = fileURLToPath(new URL('../../images', import.meta.url));
/** In the arena, by what was made outside. @type {Map<string, Promise<Artifacts>>} */
const made = new Map();

/** @typedef {{layout: string, storage: string}} Artifacts */

/**
 * The images of the tests, from their cache or made anew: with network, and so outside the arena at first.
 *
 * @param {string} scratch
 * @returns {Promise<Artifacts>}
 */
export function imageArtifacts(scratch) {
  const known = made.get(scratch) ?? make(scratch);
  made.set(scratch, known);
  return known;
}

/**
 * @param {string} scratch
 * @returns {Promise<Artifacts>}
 */
async function make(scratch) {
  const program = join(scratch, 'print-artifacts.mjs');
  await build({
    entryPoints: [join(images, 'harness/print-artifacts.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  // The cache is that of the person, whose home the arena's is not.
  const {stdout} = await execute(process.execPath, [program, join(images, 'fixtures')]);
  return JSON.parse(stdout);
}
