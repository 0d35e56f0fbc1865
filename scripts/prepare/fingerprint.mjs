// Whether a step's inputs are those of its last run: one hash over their names and contents.
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {root} from '../root.mjs';
import {stateDirectory} from './steps.mjs';

const made = new Set(['node_modules', 'dist', 'build', 'bin', '.turbo', '.git']);

/** Outputs are missing, or inputs have changed since they were made. */
export function isOutdated(step) {
  return (
    !step.outputs.every((output) => existsSync(join(root, output))) ||
    recorded(step) !== fingerprint(step)
  );
}

export function recordStep(step) {
  mkdirSync(stateDirectory, {recursive: true});
  writeFileSync(join(stateDirectory, step.name), fingerprint(step));
}

function recorded(step) {
  const file = join(stateDirectory, step.name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function fingerprint(step) {
  const hash = createHash('sha256');
  for (const name of step.environment ?? []) hash.update(`${name}=${process.env[name] ?? ''}\0`);
  for (const input of step.inputs) {
    for (const file of filesBelow(join(root, input), step.accepts)) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function* filesBelow(path, accepts = () => true) {
  const stat = statSync(path, {throwIfNoEntry: false});
  if (stat?.isFile()) yield path;
  if (!stat?.isDirectory()) return;
  for (const entry of readdirSync(path, {withFileTypes: true}).sort(byName)) {
    const child = join(path, entry.name);
    if (entry.isDirectory() && !made.has(entry.name)) yield* filesBelow(child, accepts);
    else if (entry.isFile() && accepts(entry.name)) yield child;
  }
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}
