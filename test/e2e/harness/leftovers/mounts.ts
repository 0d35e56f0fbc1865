import {readFileSync} from 'node:fs';

/** The host's mount table, one line for each mount, without what changes by itself. */
export function readMounts(): Set<string> {
  return new Set(readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n').map(describe));
}

/** Everybody's: nothing that runs beside the tests may mount on the host. */
export function newMounts(before: ReadonlySet<string>): string[] {
  return [...readMounts()].filter((mount) => !before.has(mount));
}

/** Which file system is where, with its propagation. */
function describe(line: string): string {
  const [mount = '', superblock = ''] = line.split(' - ');
  const [id, parent, device, root, path, ...options] = mount.split(' ');
  return [`${id}/${parent}`, path, device, root, options.join(' '), superblock].join(' ');
}
