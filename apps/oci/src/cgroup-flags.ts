import type {CgroupManagement} from '@minicontainer/engine/runtime';
import {MinicontainerError} from '@minicontainer/errors';
import {text, type Values} from './command-line.ts';

/**
 * Who makes cgroups: by `--systemd-cgroup` as with runc, or `--cgroup-manager` as with crun.
 *
 * @throws {MinicontainerError} `EUSAGE` for a manager that there is not
 */
export function cgroupManagement(global: Values): CgroupManagement {
  const named = text(global, 'cgroup-manager');
  const manager = named ?? (global['systemd-cgroup'] === true ? 'systemd' : 'cgroupfs');
  if (manager !== 'cgroupfs' && manager !== 'systemd' && manager !== 'disabled') {
    throw new MinicontainerError('EUSAGE', `unknown cgroup manager ${JSON.stringify(manager)}`, {
      hint: 'use --cgroup-manager cgroupfs, systemd or disabled',
    });
  }
  const rootless = rootlessOf(text(global, 'rootless') ?? 'auto');
  return {manager, ...(rootless !== undefined && {rootless})};
}

/** As Go reads a boolean; `auto` looks for itself. */
function rootlessOf(said: string): boolean | undefined {
  switch (said.toLowerCase()) {
    case 'auto':
      return undefined;
    case 'true':
    case 't':
    case '1':
      return true;
    case 'false':
    case 'f':
    case '0':
      return false;
    default:
      throw new MinicontainerError('EUSAGE', `--rootless ${said} is neither true, false nor auto`);
  }
}
