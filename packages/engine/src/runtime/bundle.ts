import {closeSync, constants, fstatSync, openSync, readFileSync} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {Spec} from '@minicontainer/spec';
import {validateSpec} from '@minicontainer/spec/validate';

/** A hundred times what any engine writes. */
const largestBytes = 16 << 20;

/** A `config.json` and the directory that its relative paths start from. */
export interface Bundle {
  readonly directory: string;
  readonly spec: Spec;
}

/**
 * Reads and checks a bundle.
 *
 * @param path of the bundle's directory
 * @param config another file than its `config.json`
 * @throws {MinicontainerError} `EBUNDLE` when it cannot be read, `ESPEC` when it is none
 * @see OCI runtime spec, bundle.md
 */
export function readBundle(path: string, config = 'config.json'): Bundle {
  const file = resolve(path, config);
  const directory = dirname(resolve(path, 'config.json'));
  const spec = validateSpec(parse(file), file);
  return {directory, spec: resolvePaths(spec, directory)};
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = readRegular(file);
  } catch (cause) {
    if (cause instanceof MinicontainerError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const said = code === 'ENOENT' ? 'no such file or directory' : code;
    throw new MinicontainerError('EBUNDLE', `${file} cannot be read: ${said}`, {
      cause,
      hint: 'name the bundle with --bundle DIRECTORY; `minicontainer-oci spec` writes a config.json',
    });
  }
  try {
    return text.includes('null') ? JSON.parse(text, leaveOutNull) : JSON.parse(text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new MinicontainerError('ESPEC', `${file} is not JSON: ${said}`, {cause});
  }
}

/** Engines written in Go leave lists and objects that they do not have out, or write null for them. */
function leaveOutNull(this: unknown, _key: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}

/** A fifo or a device would be waited for, or read for ever. */
function readRegular(file: string): string {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const status = fstatSync(fd);
    if (!status.isFile() || status.size > largestBytes) {
      const what = status.isFile() ? `has ${status.size} bytes` : 'is no file';
      throw new MinicontainerError('EBUNDLE', `${file} cannot be read: it ${what}`, {
        hint: `a configuration is a regular file of at most ${largestBytes} bytes`,
      });
    }
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** What is relative is so to the bundle; what binds nothing keeps its source as it is. */
function resolvePaths(spec: Spec, directory: string): Spec {
  const mounts = spec.mounts?.map((mount) =>
    mount.source !== undefined && isBind(mount.options ?? [], mount.type)
      ? {...mount, source: resolve(directory, mount.source)}
      : mount,
  );
  return {
    ...spec,
    ...(spec.root && {root: {...spec.root, path: resolve(directory, spec.root.path)}}),
    ...(mounts && {mounts}),
  };
}

function isBind(options: readonly string[], type: string | undefined): boolean {
  return type === 'bind' || options.includes('bind') || options.includes('rbind');
}
