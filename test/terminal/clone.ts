import {cpSync, existsSync, mkdirSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {inject} from 'vitest';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {launch} from '../e2e/harness/run.ts';
import {give} from '../e2e/harness/system.ts';

const root = join(import.meta.dirname, '../..');
const sources = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json'];
const trees = ['packages', 'apps', 'native', 'test', 'scripts'];
const made = new Set(['node_modules', 'dist', 'build', 'bin', '.turbo']);
/** What tells that dependencies are installed. */
const installed = ['node_modules/.modules.yaml', 'node_modules/pnpm/package.json'];

/** A clone of a person's own, in which nothing is left to install or build. */
export async function makeClone(person: Person): Promise<string> {
  const clone = join(roomOf(person).work, 'clone');
  for (const path of [...sources, ...trees]) {
    const isSource = (from: string) => !made.has(basename(from));
    cpSync(join(root, path), join(clone, path), {recursive: true, filter: isSource});
  }
  for (const path of installed) copy(path, clone);
  for (const path of ['apps', 'native', 'node_modules']) {
    cpSync(join(inject('installed'), path), join(clone, path), {recursive: true});
  }
  give(clone, person);
  await record(person, clone);
  return clone;
}

function copy(path: string, clone: string): void {
  if (!existsSync(join(root, path))) throw new Error(`${path} is missing: run npm start`);
  mkdirSync(dirname(join(clone, path)), {recursive: true});
  cpSync(join(root, path), join(clone, path), {dereference: true});
}

/** What `npm start` does when it has installed and built. */
async function record(person: Person, clone: string): Promise<void> {
  const program = `
    const {steps} = await import('./scripts/prepare/steps.mjs');
    const {isOutdated, recordStep} = await import('./scripts/prepare/fingerprint.mjs');
    for (const step of steps) recordStep(step);
    process.exitCode = steps.some(isOutdated) ? 1 : 0;`;
  const words = ['--input-type=module', '-e', program];
  const {status, stderr} = await launch(process.execPath, words, {as: person, cwd: clone}).result;
  if (status !== 0) throw new Error(`the clone is not prepared: ${stderr}`);
}
