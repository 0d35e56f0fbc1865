// Makes a clone ready to run: what `npm start` and `npm test` do first. Needs nothing but Node and npm.
import {spawnSync} from 'node:child_process';
import {accessSync, constants, mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {NotPreparedError} from './prepare/error.mjs';
import {isOutdated, recordStep} from './prepare/fingerprint.mjs';
import {runQuietly} from './prepare/run.mjs';
import {stateDirectory, steps} from './prepare/steps.mjs';
import {root} from './root.mjs';

const lockedByParent = 'MINICONTAINER_PREPARE_LOCKED';

try {
  await prepare();
} catch (error) {
  if (!(error instanceof NotPreparedError)) throw error;
  process.stderr.write(error.output);
  process.stderr.write(`minicontainer: ${error.message}\n`);
  process.exitCode = 125;
}

async function prepare() {
  if (process.platform !== 'linux') {
    throw new NotPreparedError(`containers need Linux; this is ${process.platform}`);
  }
  if (!steps.some(isOutdated)) return;
  requireWritable();
  if (process.env[lockedByParent] === undefined) {
    process.exitCode = prepareLocked();
    return;
  }
  for (const step of steps) {
    if (!isOutdated(step)) continue;
    await runQuietly(step);
    recordStep(step);
  }
}

/** Two commands started at once in one clone must not build into the same files: flock(1). */
function prepareLocked() {
  mkdirSync(stateDirectory, {recursive: true});
  const {status, error} = spawnSync(
    'flock',
    [join(stateDirectory, 'lock'), process.execPath, import.meta.filename],
    {stdio: 'inherit', env: {...process.env, [lockedByParent]: '1'}},
  );
  if (error) throw new NotPreparedError(`cannot run flock (package util-linux): ${error.message}`);
  return status ?? 130;
}

function requireWritable() {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new NotPreparedError(
      `${root} is not built yet and not writable for you: clone it into a directory of your own`,
    );
  }
}
