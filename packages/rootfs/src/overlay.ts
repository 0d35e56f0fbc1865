import {cloneSource, mountAttribute, type Operation, operation} from '@minicontainer/plan';
import type {Builder} from './contribution.ts';

/**
 * The writable room of this container's overlays, as a directory in slot `rw`: in memory, unless the
 * kernel's tmpfs has no user attributes (before Linux 6.6), without which removing a lower directory
 * fails with EIO.
 */
export function writableRoom(builder: Builder): Operation[] {
  const disk = 'the disk, since this tmpfs cannot say which files are gone';
  return [
    ...(clonesAsSupervisor(builder)
      ? cloneSource(builder.diskDirectory, false, 'rw-disk', 'prepare', disk)
      : []),
    operation(
      'build',
      'makeDirectory',
      {root: 'scratch', path: 'rw', mode: 0o755},
      'what the container writes',
    ),
    operation(
      'build',
      'openPath',
      {root: 'scratch', path: 'rw', to: 'rw'},
      'what the container writes',
    ),
    askForAttributes('asks the kernel whether this tmpfs can be the upper layer', {
      optional: ['EOPNOTSUPP', 'ENOTSUP'],
      else: clonesAsSupervisor(builder) ? 2 : 3,
    }),
    ...(clonesAsSupervisor(builder)
      ? []
      : cloneSource(builder.diskDirectory, false, 'rw-disk', 'build', disk)),
    operation(
      'build',
      'attachMount',
      {mount: 'rw-disk', root: 'scratch', target: 'rw', file: false, create: false, follow: false},
      disk,
    ),
    operation('build', 'openPath', {root: 'scratch', path: 'rw', to: 'rw'}, disk),
  ];
}

/** After `writableRoom`, where nothing less will do than all that an overlay can. */
export function requireAttributes(): Operation {
  return askForAttributes('without them, removing a directory from beneath fails, with EIO');
}

function askForAttributes(why: string, fallback?: Parameters<typeof operation>[4]): Operation {
  const args = {at: 'rw', name: 'user.overlay.probe', value: 'y'};
  return operation('build', 'setXattr', args, why, fallback);
}

export interface OverlaySource {
  /** The directory beneath, on the host. */
  readonly lower: string;
  /** Owners shift into the user namespace: the host's root is container root there. */
  readonly shifted: boolean;
  /** Name of its directory in the writable room, and of the slot that holds the mount. */
  readonly name: string;
  /** Nothing will do in its place where the kernel refuses it. */
  readonly required?: boolean;
  /** Files that are there from the start, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A copy-on-write view of a directory: its mount, detached, in the slot of its name. Where the kernel
 * refuses an overlay (below mounts that a user namespace may not uncover), a read-only bind.
 */
export function overlay(source: OverlaySource, builder: Builder): Operation[] {
  const {lower, name, shifted} = source;
  const why = `${lower} of the host, copied when it is written: nothing reaches the host`;
  const shift = shifted && clonesAsSupervisor(builder);
  const near = shift || !canBeNamed(lower);
  const room = `${name}/upper`;
  return [
    directory('rw', name, 'all directories of one overlay'),
    ...(shift ? shiftedLower(lower, name, why) : []),
    ...(near && !shift ? cloneSource(lower, false, `lower-${name}`, 'build', why) : []),
    ...(near ? nearLower(name) : []),
    directory('rw', room, 'what is written lands here'),
    directory('rw', `${name}/work`, "the overlay's own"),
    ...Object.entries(source.files ?? {}).map(([path, data]) =>
      operation(
        'build',
        'writeFile',
        {root: 'rw', path: `${room}/${path}`, mode: 0o644, data, create: true},
        "the container's own, in place of the host's",
      ),
    ),
    operation(
      'build',
      'createMount',
      {
        type: 'overlay',
        source: 'overlay',
        options: [
          `lowerdir=${near ? `${name}/lower` : escapeLower(lower)}`,
          `upperdir=${room}`,
          `workdir=${name}/work`,
          'userxattr',
        ],
        attributes: mountAttribute.noDev,
        directory: 'rw',
        to: name,
      },
      why,
      source.required ? {} : {optional: ['EINVAL', 'EPERM', 'ELOOP'], else: 2},
    ),
    ...(source.required ? [] : readOnlyBind(lower, name)),
  ];
}

function readOnlyBind(lower: string, name: string): Operation[] {
  return [
    ...cloneSource(
      lower,
      true,
      name,
      'build',
      'the kernel refuses an overlay over what other mounts cover',
    ),
    operation(
      'build',
      'mountAttributes',
      {
        mount: name,
        set: mountAttribute.readOnly | mountAttribute.noDev,
        clear: 0n,
        propagation: 0n,
        recursive: true,
      },
      'so that nothing the container writes reaches the host',
    ),
  ];
}

/** Cloned by the supervisor, its owners shifted once the ids are mapped. */
function shiftedLower(lower: string, name: string, why: string): Operation[] {
  return [
    ...cloneSource(lower, false, `lower-${name}`, 'prepare', why),
    operation(
      'attach',
      'idmapMount',
      {mount: `lower-${name}`, namespace: undefined, recursive: false},
      "files of the host's root are to belong to container root",
    ),
  ];
}

/** Hung where an overlay finds it by a short name. */
function nearLower(name: string): Operation[] {
  const why = 'only what is attached can be a lower directory';
  const target = `${name}/lower`;
  return [
    directory('rw', target, why),
    operation(
      'build',
      'attachMount',
      {mount: `lower-${name}`, root: 'rw', target, file: false, create: false, follow: false},
      why,
    ),
  ];
}

/** In an option of at most 255 bytes (fsconfig(2)), which before Linux 6.5 has no comma. */
function canBeNamed(lower: string): boolean {
  return !lower.includes(',') && Buffer.byteLength(escapeLower(lower)) <= 255;
}

/** Container root may not reach all that the host's root may, nor shift owners of what it does not own. */
export function clonesAsSupervisor({hostRoot, userNamespace}: Builder): boolean {
  return hostRoot && userNamespace;
}

function directory(root: string, path: string, why: string): Operation {
  return operation('build', 'makeDirectory', {root, path, mode: 0o755}, why);
}

/** A colon separates lower directories, a backslash escapes (overlayfs.rst). */
function escapeLower(path: string): string {
  return path.replace(/[\\:]/g, '\\$&');
}
