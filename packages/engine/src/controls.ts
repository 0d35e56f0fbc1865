import {existsSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import type {ContainerRequest, Mount} from '@minicontainer/spec';
import type {ControlOptions} from './control-options.ts';
import type {RunOptions} from './options.ts';

/** What Podman and Docker give a container's processes and files where SELinux is. */
const processLabel = {user: 'system_u', role: 'system_r', type: 'container_t', level: 's0'};
const fileType = 'container_file_t';

/**
 * The controls that options ask for, in the words of a specification.
 *
 * @throws {MinicontainerError} `ESELINUX` for what is no part of a label
 */
export function controlRequest(options: ControlOptions): Partial<ContainerRequest> {
  const {domainname, sysctl, apparmor, unmask, procOptions, umask} = options;
  return {
    ...(domainname === undefined ? {} : {domainname}),
    ...(sysctl === undefined ? {} : {sysctl}),
    ...(apparmor === undefined ? {} : {apparmorProfile: apparmor}),
    ...(unmask === undefined ? {} : {unmask}),
    ...(procOptions === undefined ? {} : {procOptions}),
    ...(umask === undefined ? {} : {user: {uid: 0, gid: 0, umask}}),
    ...selinuxLabels(options.labels ?? []),
    ...(options.pid === 'host' && {pid: 'host'}),
    ...((options.ipc === 'host' || options.ipc === 'none') && {ipc: options.ipc}),
    ...(options.uts === 'host' && {uts: 'host'}),
  };
}

/** The host's places of message queues and shared memory, where they are shared and are there. */
export function sharedIpcMounts(options: RunOptions): Mount[] {
  if (options.ipc !== 'host') return [];
  const taken = options.mounts?.map(({target}) => target) ?? [];
  return ['/dev/shm', '/dev/mqueue']
    .filter((place) => existsSync(place) && !taken.includes(place))
    .map((place) => ({
      destination: place,
      type: 'bind',
      source: place,
      options: ['rbind', 'nosuid', 'noexec', 'nodev'],
    }));
}

/** As Podman has it, where the root file system cannot be written. */
export function temporaryMounts(options: RunOptions): Mount[] {
  if (options.readOnly !== true || options.readOnlyTmpfs !== true) return [];
  const taken = options.mounts?.map(({target}) => target) ?? [];
  return [
    ['/run', '0755'],
    ['/tmp', '1777'],
    ['/var/tmp', '1777'],
  ].flatMap(([destination = '', mode]) =>
    taken.includes(destination)
      ? []
      : [
          {
            destination,
            type: 'tmpfs',
            source: 'tmpfs',
            options: ['nosuid', 'nodev', 'tmpcopyup', `mode=${mode}`],
          },
        ],
  );
}

function selinuxLabels(parts: readonly string[]): Partial<ContainerRequest> {
  if (parts.length === 0 || parts.includes('disable')) return {};
  const label = new Map<string, string>(Object.entries({...processLabel, filetype: fileType}));
  for (const part of parts) {
    const [, name = '', value = ''] = /^(\w+):(.+)$/.exec(part) ?? [];
    if (!label.has(name)) {
      throw new MinicontainerError('ESELINUX', `${JSON.stringify(part)} is no part of a label`, {
        hint: 'there are disable, user:U, role:R, type:T, level:L and filetype:T',
      });
    }
    label.set(name, value);
  }
  const [user, role, type, level] = ['user', 'role', 'type', 'level'].map((name) =>
    label.get(name),
  );
  return {
    selinuxLabel: `${user}:${role}:${type}:${level}`,
    mountLabel: `${user}:object_r:${label.get('filetype')}:${level}`,
  };
}
