import {posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {Mount, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {compileCgroupMount} from './cgroup-mount.ts';
import {cloneSource, cloningStage} from './clone-source.ts';
import {type CgroupHierarchy, type HostFacts, isHostRoot} from './host.ts';
import {compileIdmap, requireNoIdmap} from './idmap.ts';
import {labelOptions} from './labels.ts';
import {
  type MountOptions,
  mountAttribute,
  parseMountOptions,
  propagationFlag,
} from './mount-options.ts';
import {hasNamespace, isNew, namespaceOf} from './namespace-types.ts';
import {shortenOverlay} from './overlay-mount.ts';
import {describeUnhidden} from './unhidden.ts';

const reasons: Readonly<Record<string, string>> = {
  proc: 'shows the processes of its own pid namespace, and no others',
  sysfs: 'shows the network devices of its own network namespace',
  devpts: 'terminals of its own, which no terminal of the host can be reached from',
  mqueue: 'message queues of its own ipc namespace',
  tmpfs: 'empty, in memory, gone with the container',
};
/** Where a symbolic link would move a mount that protections rely on (CVE-2023-27561, CVE-2026-41579). */
const neverThroughLinks = new Set(['/proc', '/sys', '/dev', '/dev/pts', '/dev/shm', '/dev/mqueue']);

/** The container's own part of a hierarchy of cgroup v1, as a directory of the host. */
type CgroupDirectory = (hierarchy: CgroupHierarchy) => string;

/** Every mount of the spec, in its order, on the root in slot `root`. */
export function compileMounts(
  spec: Spec,
  host: HostFacts,
  cgroupDirectory?: CgroupDirectory,
): Operation[] {
  return (spec.mounts ?? []).flatMap((mount) =>
    compileMount({...mount, destination: placeOf(mount.destination)}, spec, host, cgroupDirectory),
  );
}

/** A destination as the kernel will see it: `/proc/` and `/x/../proc` are no other places than `/proc`. */
export function placeOf(destination: string): string {
  const path = posix.normalize(`/${destination}`);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function compileMount(
  mount: Mount,
  spec: Spec,
  host: HostFacts,
  cgroupDirectory?: CgroupDirectory,
): Operation[] {
  if (mount.destination === '/') {
    throw new MinicontainerError('EMOUNT', 'nothing can be mounted at /: the root file system is', {
      hint: 'name another one as root.path in config.json',
    });
  }
  const options = parseMountOptions(mount.options ?? []);
  if (options.bind || mount.type === 'bind') return compileBind(mount, options, spec, host);
  requireNoIdmap(mount, options);
  if (mount.type === 'cgroup') {
    return compileCgroupMount(mount.destination, options, spec, host, cgroupDirectory);
  }
  const type = mount.type ?? 'none';
  if (type === 'proc' && !isNew(spec, 'pid') && hasNamespace(spec, 'user')) {
    return compileSharedProc(mount, options, spec, host);
  }
  return compileNew(mount, options, spec, host);
}

function compileNew(mount: Mount, options: MountOptions, spec: Spec, host: HostFacts): Operation[] {
  const type = mount.type ?? 'none';
  const reason = reasons[type] ?? `the spec asks for a ${type} there`;
  const why = reason + describeUnhidden(mount.destination, spec);
  const slot = mount.destination;
  const overlay = shortenOverlay(slot, type === 'overlay' ? options.data : []);
  const data = type === 'overlay' ? overlay.options : options.data;
  const create = operation(
    'build',
    'createMount',
    {
      type,
      source: mount.source ?? type,
      options: [...data, ...labelOptions(spec, type, host)],
      // What is read-only from the start cannot be filled: see compileClosing.
      attributes: type === 'tmpfs' ? options.set & ~mountAttribute.readOnly : options.set,
      directory: overlay.directory,
      to: slot,
    },
    why,
    // Where something is mounted over the host's /sys, the kernel gives no user namespace a new one.
    type === 'sysfs' ? {optional: ['EPERM'], else: 2} : {},
  );
  const otherwise =
    type === 'sysfs'
      ? [
          ...cloneSource('/sys', true, slot, 'build', 'the kernel refuses a new sysfs here'),
          setAttributes(slot, {...options, set: mountAttribute.readOnly, recursiveFlags: true}),
        ]
      : [];
  return [
    ...overlay.opening,
    create,
    ...otherwise,
    ...(options.copyUp ? copyUp(mount) : copyMode(mount, options)),
    attach(mount.destination, slot, false, why),
    ...spread(slot, options),
  ];
}

/** What is to be read-only, once all that belongs in it is there: devices, places of other mounts. */
export function compileClosing(spec: Spec): Operation[] {
  return (spec.mounts ?? []).flatMap(({type, destination, options}) => {
    const {bind, set} = parseMountOptions(options ?? []);
    const closes = type === 'tmpfs' && !bind && (set & mountAttribute.readOnly) !== 0n;
    if (!closes) return [];
    return [
      operation(
        'build',
        'mountAttributes',
        {
          mount: placeOf(destination),
          set: mountAttribute.readOnly,
          clear: 0n,
          propagation: 0n,
          recursive: false,
        },
        'asked for; when all that belongs in it has been made',
      ),
    ];
  });
}

/** @throws {MinicontainerError} `EMOUNT` for another file system than a tmpfs, which is empty at first */
function copyUp({type, destination}: Mount): Operation[] {
  if (type !== 'tmpfs') {
    throw new MinicontainerError('EMOUNT', `tmpcopyup is of a tmpfs, and ${destination} is none`);
  }
  return [
    operation(
      'build',
      'copyTree',
      {root: 'root', path: destination.slice(1), to: destination},
      'tmpcopyup: it begins with what it covers',
    ),
  ];
}

/** A tmpfs alone has a mode of its own, which mode= sets; else it is for everybody. */
function copyMode({type, destination}: Mount, {data}: MountOptions): Operation[] {
  if (type !== 'tmpfs' || data.some((option) => option.startsWith('mode='))) return [];
  return [
    operation(
      'build',
      'copyMode',
      {root: 'root', path: destination.slice(1), to: destination},
      'who may not enter the directory in its place may not enter it either',
      {optional: ['ENOENT', 'ENOTDIR']},
    ),
  ];
}

/** A new procfs of a pid namespace takes rights over it, which a user namespace beside it has not. */
function compileSharedProc(
  mount: Mount,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
): Operation[] {
  if (namespaceOf(spec, 'pid') !== undefined) return compileNew(mount, options, spec, host);
  if (options.data.length > 0) {
    throw new MinicontainerError(
      'EMOUNT',
      `/proc is the host's, and cannot have the options ${options.data.join(',')}`,
      {hint: 'leave out --pid host, or share the ids of the host: --userns host'},
    );
  }
  const why = `the host's processes, since the container shares its pid namespace${describeUnhidden(mount.destination, spec)}`;
  return [
    ...cloneSource('/proc', true, mount.destination, cloningStage(spec, host), why),
    setAttributes(mount.destination, options),
    attach(mount.destination, mount.destination, false, why),
  ];
}

function compileBind(
  mount: Mount,
  options: MountOptions,
  spec: Spec,
  host: HostFacts,
): Operation[] {
  const source = mount.source ?? '';
  const slot = mount.destination;
  const why = `${source} of the host, as the spec asks for`;
  const shifts = compileIdmap(mount, options, spec, host);
  const shared = isHostRoot(host) && options.propagation === propagationFlag.shared;
  // Only who made the mount's namespace may shift its owners, or has mounts that are the host's peers.
  const stage = shifts.length > 0 || shared ? 'prepare' : cloningStage(spec, host);
  return [
    ...cloneSource(source, options.recursiveBind, slot, stage, why, shared),
    ...shifts,
    ...(options.set !== 0n || options.clear !== 0n ? [setAttributes(slot, options)] : []),
    attach(mount.destination, slot, host.sources[source] === 'file', why),
    ...spread(slot, options),
  ];
}

function setAttributes(mount: string, options: MountOptions): Operation {
  return operation(
    'build',
    'mountAttributes',
    {
      mount,
      set: options.set,
      clear: options.clear,
      propagation: 0n,
      recursive: options.recursiveFlags,
    },
    'while nobody can reach the mount yet',
  );
}

/** Only a mount that is attached can be in a peer group. */
function spread(mount: string, options: MountOptions): Operation[] {
  if (options.propagation === 0n) return [];
  return [
    operation(
      'build',
      'mountAttributes',
      {
        mount,
        set: 0n,
        clear: 0n,
        propagation: options.propagation,
        recursive: options.recursivePropagation,
      },
      'how mounts below it travel between the container and the host',
    ),
  ];
}

function attach(destination: string, mount: string, file: boolean, why: string): Operation {
  const target = destination.replace(/^\/+/, '');
  const follow = !neverThroughLinks.has(destination);
  return operation(
    'build',
    'attachMount',
    {mount, root: 'root', target, file, create: true, follow},
    why,
  );
}
