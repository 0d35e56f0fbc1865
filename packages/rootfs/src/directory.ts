import {cloneSource, mountAttribute, type Operation, operation} from '@minicontainer/plan';
import {type Builder, type OwnFiles, ownFiles, type RootContribution} from './contribution.ts';
import {clonesAsSupervisor, overlay, requireAttributes, writableRoom} from './overlay.ts';

/** A directory of the host as the root file system, written in place. */
export function directoryRoot(path: string, builder: Builder, files: OwnFiles): RootContribution {
  const why = `${path} is what the caller chose as root file system`;
  const supervisor = clonesAsSupervisor(builder);
  return {
    root: [
      ...cloneSource(path, true, 'root', supervisor ? 'prepare' : 'build', why),
      ...(supervisor
        ? [
            operation(
              'attach',
              'idmapMount',
              {mount: 'root', namespace: undefined, recursive: false},
              'files of root in it are to belong to container root',
            ),
          ]
        : []),
      withoutDevices(),
      attachRoot(),
    ],
    files: coverFiles(files),
  };
}

/** A directory of the host, copy on write: it stays as it is. */
export function overlayRoot(path: string, builder: Builder, files: OwnFiles): RootContribution {
  return {
    root: [
      ...writableRoom(builder),
      requireAttributes(),
      ...overlay({lower: path, name: 'root', shifted: true, required: true}, builder),
      attachRoot(),
    ],
    files: coverFiles(files),
  };
}

/** Those that every container has are mounts of their own. */
function withoutDevices(): Operation {
  return operation(
    'build',
    'mountAttributes',
    {mount: 'root', set: mountAttribute.noDev, clear: 0n, propagation: 0n, recursive: true},
    'a device file in it would open a device of the host, whoever made it',
  );
}

export function attachRoot(): Operation {
  return operation(
    'build',
    'attachMount',
    {mount: 'root', root: undefined, target: '/', file: false, create: false, follow: true},
    'pivot_root wants a mount point',
  );
}

/** Bound over those that are there; where they are not, a directory of the caller's gets none. */
export function coverFiles(files: OwnFiles): Operation[] {
  return Object.entries(ownFiles(files)).flatMap(([name, data]) => {
    const why = `/etc/${name} is the container's own`;
    return [
      operation(
        'build',
        'writeFile',
        {root: 'scratch', path: name, mode: 0o644, data, create: true},
        why,
      ),
      operation(
        'build',
        'openTree',
        {root: 'scratch', path: name, recursive: false, device: 0n, to: `own-${name}`},
        why,
      ),
      operation(
        'build',
        'attachMount',
        {
          mount: `own-${name}`,
          root: 'root',
          target: `etc/${name}`,
          file: true,
          create: false,
          follow: true,
        },
        why,
        {optional: ['ENOENT', 'ENOTDIR']},
      ),
    ];
  });
}
