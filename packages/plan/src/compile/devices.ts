import type {Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {compileGivenDevices} from './given-devices.ts';
import type {HostFacts} from './host.ts';
import {placeOf} from './mounts.ts';

/** Character devices that every container has, by major and minor number (OCI, "Default Devices"). */
const devices = {
  null: [1, 3],
  zero: [1, 5],
  full: [1, 7],
  random: [1, 8],
  urandom: [1, 9],
  tty: [5, 0],
} as const satisfies Record<string, readonly [number, number]>;

const links = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
} as const;

/**
 * The default devices and links, in a /dev that is made anew. They are the host's, bound and checked: a
 * user namespace can make none, and none that is made could be opened.
 */
export function compileDevices(spec: Spec, host: HostFacts): Operation[] {
  return [...compileDefaultDevices(spec), ...compileGivenDevices(spec, host)];
}

function compileDefaultDevices(spec: Spec): Operation[] {
  const given = new Set(spec.linux?.devices?.map(({path}) => placeOf(path)));
  const dev = spec.mounts?.find(({destination}) => placeOf(destination) === '/dev');
  if (dev?.type !== 'tmpfs') return [];
  return [
    ...Object.entries(devices)
      .filter(([name]) => !given.has(`/dev/${name}`))
      .flatMap(([name, [major, minor]]) => bindDevice(name, major, minor)),
    ...Object.entries(links).map(([name, target]) =>
      operation(
        'build',
        'makeSymlink',
        {root: 'root', path: `dev/${name}`, target},
        'where programs look for it',
      ),
    ),
  ];
}

function bindDevice(name: string, major: number, minor: number): Operation[] {
  const why = 'harmless, and every program expects it';
  // makedev(3) for numbers below 4096 and 256.
  const device = BigInt((major << 8) | minor);
  return [
    operation(
      'build',
      'openTree',
      {root: undefined, path: `/dev/${name}`, recursive: false, device, to: `/dev/${name}`},
      why,
    ),
    operation(
      'build',
      'attachMount',
      {
        mount: `/dev/${name}`,
        root: 'root',
        target: `dev/${name}`,
        file: true,
        create: true,
        follow: false,
      },
      why,
    ),
  ];
}
