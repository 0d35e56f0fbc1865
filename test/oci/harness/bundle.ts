import {chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const directories = ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'];
const commands = ['sh', 'cat', 'echo', 'id', 'ls', 'readlink', 'sleep', 'stat', 'touch', 'trap'];

/** What a test says of a `config.json`; whatever it leaves out is as here. */
export type Config = Record<string, unknown>;

/** A root file system of one static program with many names. */
export function makeRootfs(path: string): void {
  for (const directory of directories) mkdirSync(join(path, directory), {recursive: true});
  cpSync('/bin/busybox', join(path, 'bin/busybox'));
  chmodSync(join(path, 'bin/busybox'), 0o755);
  for (const command of commands) symlinkSync('busybox', join(path, 'bin', command));
  writeFileSync(join(path, 'etc/passwd'), 'root:x:0:0::/:/bin/sh\n');
}

/** Writes a bundle's `config.json`. */
export function writeConfig(bundle: string, config: Config): void {
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(config));
}

/**
 * A small container as `runc spec` describes one, without a terminal.
 *
 * @param mark stands in the environment of all its processes
 */
export function config(command: string, mark: string, more: Config = {}): Config {
  const {process = {}, linux = {}, ...rest} = more;
  return {
    ociVersion: '1.0.2',
    root: {path: 'rootfs', readonly: false},
    hostname: 'inside',
    mounts: [
      {destination: '/proc', type: 'proc', source: 'proc'},
      {destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755']},
    ],
    ...rest,
    process: isPlain(process)
      ? {
          terminal: false,
          user: {uid: 0, gid: 0},
          cwd: '/',
          args: ['/bin/sh', '-c', command],
          env: ['PATH=/bin', `ROOM=${mark}`],
          ...process,
        }
      : process,
    linux: isPlain(linux)
      ? {
          namespaces: ['pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({type})),
          ...linux,
        }
      : linux,
  };
}

function isPlain(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
