import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type Container, readContainerSpec} from './container.ts';

const place = '/sys/fs/resctrl';

/**
 * Changes a container's class of cache and memory bandwidth.
 *
 * @param lines of its `schemata`, such as `L3:0=f`
 * @throws {MinicontainerError} `ERESCTRL` where it has none, or the kernel refuses
 */
export function updateResctrl(container: Container, lines: readonly string[], at = place): void {
  const {intelRdt} = readContainerSpec(container).linux ?? {};
  if (intelRdt === undefined) {
    throw new MinicontainerError('ERESCTRL', `"${container.id}" has no class of resctrl`, {
      hint: 'set linux.intelRdt in config.json when it is made',
    });
  }
  const {closID = container.id} = intelRdt;
  const file = join(at, closID, 'schemata');
  try {
    // One write: the kernel takes all of it or nothing.
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''), {flag: 'r+'});
  } catch (cause) {
    const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new MinicontainerError('ERESCTRL', `${file} cannot be written: ${errno}`, {cause});
  }
}
