import {freeze, thaw} from '@minicontainer/cgroups';
import {MinicontainerError} from '@minicontainer/errors';
import {readCgroup} from './cgroup-record.ts';
import {type Container, notRunning} from './container.ts';

/** @throws {MinicontainerError} `ENOTRUNNING`; `EFREEZE` where nothing can stop its processes */
export async function pauseContainer(container: Container): Promise<void> {
  const {id, status} = container;
  if (status !== 'running' && status !== 'created') throw notRunning(id, `is ${status}`);
  await freeze(needCgroup(container));
}

/** @throws {MinicontainerError} `ENOTPAUSED` for one that is not */
export function resumeContainer(container: Container): void {
  const {id, status} = container;
  if (status !== 'paused') {
    throw new MinicontainerError('ENOTPAUSED', `container not paused: "${id}" is ${status}`);
  }
  thaw(needCgroup(container));
}

function needCgroup(container: Container) {
  const cgroup = readCgroup(container);
  if (cgroup !== undefined) return cgroup;
  throw new MinicontainerError('EFREEZE', `"${container.id}" has no cgroup that could be frozen`, {
    hint: 'create it where it can have one: as root, or with systemd under a login of its own',
  });
}
