import {readFileSync} from 'node:fs';
import {posix} from 'node:path';
import type {PlacementRequest} from '@minicontainer/cgroups';
import {MinicontainerError} from '@minicontainer/errors';
import {isNested} from '../ids/nesting.ts';

/** How the caller wants cgroups made. */
export interface CgroupManagement {
  readonly manager: 'cgroupfs' | 'systemd' | 'disabled';
  /** Whether the caller is to be taken for a plain user; looked for unless said. */
  readonly rootless?: boolean;
}

const nobody = 65_534;

/**
 * Where the container's cgroup is to be, of both forms that `linux.cgroupsPath` has: for systemd
 * `slice:prefix:name`, else a path below the top of each hierarchy, with or without a leading slash.
 *
 * @throws {MinicontainerError} `ECGROUP` for the form of the other manager
 * @see OCI runtime spec, config-linux.md, "Cgroups Path"
 */
export function requestCgroup(
  id: string,
  cgroupsPath: string | undefined,
  {manager, rootless}: CgroupManagement,
): PlacementRequest & {readonly owner?: number} {
  const owner = ownerOf(manager, rootless);
  const owned = owner === undefined ? {} : {owner};
  if (manager === 'disabled') return {...owned, name: id, disabled: true, driver: 'cgroupfs'};
  if (manager === 'systemd') return {...owned, ...requestScope(id, cgroupsPath)};
  if (cgroupsPath !== undefined && /^[^/:]*\.slice:[^/:]*:[^/:]+$/.test(cgroupsPath)) {
    throw new MinicontainerError('ECGROUP', `cgroupsPath ${cgroupsPath} is for systemd cgroups`, {
      hint: 'give --systemd-cgroup, or name a path such as /containers/one',
    });
  }
  const path = posix.resolve('/', cgroupsPath || id);
  const parent = posix.dirname(path);
  return {
    ...owned,
    name: posix.basename(path),
    driver: 'cgroupfs',
    ...(parent === '/' ? {} : {parent}),
  };
}

/** As runc names units: `prefix-name.scope`. */
function requestScope(id: string, cgroupsPath: string | undefined): PlacementRequest {
  const [slice = '', prefix = '', name, ...more] = (cgroupsPath || `:minicontainer:${id}`).split(
    ':',
  );
  if (!name || more.length > 0) {
    throw new MinicontainerError(
      'ECGROUP',
      `expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got ${JSON.stringify(cgroupsPath)} instead`,
      {hint: 'leave out --systemd-cgroup for a path'},
    );
  }
  return {name: prefix === '' ? name : `${prefix}-${name}`, driver: {slice}};
}

/** undefined where the caller is what it seems to be. Root of a user namespace has the systemd of its owner. */
function ownerOf(
  manager: CgroupManagement['manager'],
  rootless: boolean | undefined,
): number | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  if (!(rootless ?? isNested())) return 0;
  const outside = manager === 'systemd' ? outsideRoot() : 0;
  return outside === 0 ? nobody : outside;
}

function outsideRoot(): number {
  const map = readFileSync('/proc/self/uid_map', 'utf8');
  return Number(/^\s*0\s+(\d+)\s/m.exec(map)?.[1] ?? 0);
}
