import {spawnSync} from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {TestProject} from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory that holds what was installed: `bin/` with our programs, and what they need. */
    installed: string;
  }
}

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'apps/cli/dist/minicontainer.cjs');
const runtimeBundle = join(root, 'apps/oci/dist/minicontainer-oci.cjs');
const nsexec = process.env.MINICONTAINER_NSEXEC ?? join(root, 'native/nsexec/build/nsexec');

/**
 * Puts the built program where every user can reach it, so that a clone in somebody's home can be
 * tested as other users, and a build in the meantime changes nothing under a running test.
 */
export default function install({provide}: TestProject): () => void {
  requireBuilt();
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-e2e-installed-'));
  chmodSync(directory, 0o755);
  const dist = join(directory, 'apps/cli/dist');
  copy(bundle, join(dist, 'minicontainer.cjs'));
  copy(join(dirname(bundle), 'images.script.js'), join(dist, 'images.script.js'));
  copy(join(root, 'apps/cli/package.json'), join(directory, 'apps/cli/package.json'));
  for (const file of ['package.json', ...runtimeFiles()]) {
    copy(join(root, 'apps/oci', file), join(directory, 'apps/oci', file));
  }
  copy(nsexec, join(directory, 'native/nsexec/build/nsexec'));
  // What pnpm links together for koffi is one directory: its own and its platform package's.
  const koffi = dirname(realpathSync(join(root, 'apps/cli/node_modules/koffi')));
  cpSync(koffi, join(directory, 'node_modules'), {recursive: true, dereference: true});
  mkdirSync(join(directory, 'bin'));
  symlinkSync('../apps/cli/dist/minicontainer.cjs', join(directory, 'bin/minicontainer'));
  symlinkSync('../apps/oci/bin/minicontainer-oci', join(directory, 'bin/minicontainer-oci'));
  // Whatever the umask was: the tests' users must read it.
  spawnSync('chmod', ['-R', 'a+rX', directory]);
  // Everybody's compiled code: for all tests once, as for all of a user's commands.
  mkdirSync(join(directory, 'cache'));
  chmodSync(join(directory, 'cache'), 0o1777);
  provide('installed', directory);
  return () => rmSync(directory, {recursive: true, force: true});
}

function requireBuilt(): void {
  try {
    accessSync(bundle, constants.X_OK);
    accessSync(runtimeBundle, constants.R_OK);
    accessSync(nsexec, constants.X_OK);
  } catch (cause) {
    throw new Error('not built: run npm start -- --version, or npm test', {cause});
  }
}

/** What its package takes along. */
function runtimeFiles(): readonly string[] {
  const {files}: {files: readonly string[]} = JSON.parse(
    readFileSync(join(root, 'apps/oci/package.json'), 'utf8'),
  );
  return files;
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), {recursive: true});
  cpSync(from, to);
}
