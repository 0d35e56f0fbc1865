import {mountAttribute, type Operation, operation} from '@minicontainer/plan';
import {type Builder, type OwnFiles, ownFiles, type RootContribution} from './contribution.ts';
import {clonesAsSupervisor, overlay, writableRoom} from './overlay.ts';

/** What is at the top of the host's file system: what a link points to, or a directory. */
export type HostEntry =
  | {readonly kind: 'directory'}
  | {readonly kind: 'link'; readonly target: string};

/** Programs and libraries: owned by root, readable by everybody. */
const shiftedDirectories = /^(usr|bin|sbin|lib\w*)$/;
/** Configuration and state: what only the host's root may read stays so, since owners do not shift. */
const unshiftedDirectories = /^(etc|opt|var|nix|gnu)$/;
/** What an administrator put there may be as secret as what is in /etc: a view of its own, unshifted. */
const local = 'usr/local';
/** Data of the host's users, or of its running system: empty. */
const emptyDirectories: Readonly<Record<string, number>> = {
  home: 0o755,
  root: 0o700,
  tmp: 0o1777,
  run: 0o755,
  mnt: 0o755,
  media: 0o755,
  srv: 0o755,
  dev: 0o755,
  proc: 0o555,
  sys: 0o555,
};

/**
 * What is installed on this machine, copy on write: the root file system of `run /bin/bash`.
 *
 * @param entries top-level directories and links of the host, by name, and `usr/local` behind `usr`
 */
export function hostView(
  entries: Readonly<Record<string, HostEntry>>,
  builder: Builder,
  files: OwnFiles,
): RootContribution {
  return {
    root: [
      ...emptyRoot(),
      ...writableRoom(builder),
      ...Object.entries(entries).flatMap(([name, entry]) => include(name, entry, builder, files)),
      ...Object.entries(emptyDirectories).map(([path, mode]) =>
        operation(
          'build',
          'makeDirectory',
          {root: 'root', path, mode},
          "new and empty: the host's own is not the container's",
        ),
      ),
      ...temporaryFiles('var' in entries, builder.readOnly),
    ],
    files: [],
    trees: builder.readOnly ? partsOf(entries) : ['/'],
  };
}

/** Where there is something to open: without a read-only root, also what the container makes in it. */
function partsOf(entries: Readonly<Record<string, HostEntry>>): string[] {
  return Object.entries(entries).flatMap(([name, {kind}]) =>
    kind === 'directory' && (shiftedDirectories.test(name) || unshiftedDirectories.test(name))
      ? [`/${name}`]
      : [],
  );
}

function emptyRoot(): Operation[] {
  const why = 'the root holds nothing but what is put into it';
  return [
    operation(
      'build',
      'createMount',
      {
        type: 'tmpfs',
        source: 'host-view',
        options: ['mode=755'],
        attributes: mountAttribute.noDev,
        directory: undefined,
        to: 'root',
      },
      why,
    ),
    operation(
      'build',
      'attachMount',
      {mount: 'root', root: undefined, target: '/', file: false, create: false, follow: true},
      why,
    ),
  ];
}

function include(name: string, entry: HostEntry, builder: Builder, files: OwnFiles): Operation[] {
  const shifted = shiftedDirectories.test(name);
  const apart = name === local && clonesAsSupervisor(builder);
  if (!shifted && !apart && !unshiftedDirectories.test(name)) return [];
  if (entry.kind === 'link') {
    return [
      operation(
        'build',
        'makeSymlink',
        {root: 'root', path: name, target: entry.target},
        'as on the host',
      ),
    ];
  }
  const own = name === 'etc' ? {files: ownFiles(files)} : {};
  return [
    ...overlay({lower: `/${name}`, name, shifted, ...own}, builder),
    operation(
      'build',
      'attachMount',
      {mount: name, root: 'root', target: name, file: false, create: true, follow: false},
      'in its place',
    ),
    ...(builder.readOnly ? [sealed(name)] : []),
  ];
}

/** Once every mount point below it is made. */
function sealed(mount: string): Operation {
  return operation(
    'enter',
    'mountAttributes',
    {mount, set: mountAttribute.readOnly, clear: 0n, propagation: 0n, recursive: false},
    'a read-only root means all of it',
  );
}

function temporaryFiles(hasVar: boolean, readOnly: boolean): Operation[] {
  if (!hasVar) return [];
  const why = "new and empty: the host's own is not the container's";
  return [
    operation(
      'build',
      'createMount',
      {
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['mode=1777'],
        attributes: mountAttribute.noSuid | mountAttribute.noDev,
        directory: undefined,
        to: 'var-tmp',
      },
      why,
    ),
    operation(
      'build',
      'attachMount',
      {mount: 'var-tmp', root: 'root', target: 'var/tmp', file: false, create: false, follow: true},
      why,
      {optional: ['ENOENT']},
    ),
    ...(readOnly ? [sealed('var-tmp')] : []),
  ];
}
