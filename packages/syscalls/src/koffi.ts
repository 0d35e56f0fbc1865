import {closeSync, existsSync, openSync, readSync, realpathSync, statSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

type Koffi = Pick<typeof import('koffi'), 'load' | 'errno'>;

const require = createRequire(import.meta.filename);
let loaded: Koffi | undefined;

/** koffi, at the first call and never before: most of what the CLI does needs no system call. */
export function koffi(): Koffi {
  loaded ??= loadNative() ?? loadPackage();
  return loaded;
}

/**
 * Node's realpath, by which require() finds packages, takes the type of a folder it has seen before
 * from the last stat of anyone: after fstat of a pipe it follows no more links, and koffi under
 * pnpm is behind one.
 */
function forgetLastStat(): void {
  statSync('/');
}

/** koffi through its own JavaScript, which works on every platform it has a binary for. */
export function loadPackage(): Koffi {
  forgetLastStat();
  return require('koffi');
}

/**
 * koffi's binary without its JavaScript, which takes 6 ms of 8 to find the binary and to wrap
 * what it deprecates; and without require(), which takes 3 ms more to read package.json files. Where
 * the binary is, is fixed by the exact version that is depended on.
 */
export function loadNative(): Koffi | undefined {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
    return undefined;
  }
  const scope = koffiScope();
  if (scope === undefined) return undefined;
  const folder = `${isMusl() ? 'musl' : 'linux'}_${process.arch}`;
  const binary = `${scope}/@koromix/koffi-linux-${process.arch}/${folder}/koffi.node`;
  const module: {exports: Partial<Koffi>} = {exports: {}};
  try {
    process.dlopen(module, binary);
  } catch {
    return undefined;
  }
  const {load, errno} = module.exports;
  return load && errno ? {load, errno} : undefined;
}

/** The node_modules that koffi itself is in, and so its binary: under pnpm it is behind a link. */
function koffiScope(): string | undefined {
  const found = require.resolve
    .paths('koffi')
    ?.map((folder) => join(folder, 'koffi'))
    .find((path) => existsSync(path));
  return found === undefined ? undefined : dirname(realpathSync.native(found));
}

/** Whether this Node runs on musl: its interpreter's path stands in the first bytes of its binary. */
function isMusl(): boolean {
  const head = Buffer.alloc(1024);
  const fd = openSync('/proc/self/exe', 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
  return head.includes('/ld-musl-');
}
