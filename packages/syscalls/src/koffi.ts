import {closeSync, openSync, readSync, statSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname} from 'node:path';

type Koffi = Pick<typeof import('koffi'), 'load' | 'errno'>;

const require = createRequire(import.meta.filename);
let loaded: Koffi | undefined;

/** koffi, at the first call and never before: most of what the CLI does needs no system call. */
export function koffi(): Koffi {
  if (loaded === undefined) {
    forgetLastStat();
    loaded = loadNative() ?? loadPackage();
  }
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
  return require('koffi');
}

/**
 * koffi's binary without its JavaScript, which takes 6 ms of 8 to find the binary and to wrap
 * what it deprecates. Where the binary is, is fixed by the exact version that is depended on.
 */
export function loadNative(): Koffi | undefined {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) {
    return undefined;
  }
  try {
    const scope = dirname(dirname(require.resolve('koffi')));
    const folder = `${isMusl() ? 'musl' : 'linux'}_${process.arch}`;
    return require(`${scope}/@koromix/koffi-linux-${process.arch}/${folder}/koffi.node`);
  } catch {
    return undefined;
  }
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
