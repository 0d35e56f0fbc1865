import {MinicontainerError} from '@minicontainer/errors';
import type {CgroupContribution} from '@minicontainer/plan';
import type {Placement} from '../placement/place.ts';
import {contributeHierarchies} from './hierarchies.ts';
import type {CgroupRequest} from './request.ts';
import {contributeUnified} from './unified.ts';

/**
 * The operations that make, limit, enter and remove a container's cgroup; undefined where it gets none.
 *
 * @throws {MinicontainerError} `ECGROUP` for a limit that was asked for and cannot be had here
 */
export function contributeCgroup(
  placement: Placement,
  request: CgroupRequest,
): CgroupContribution | undefined {
  if (placement.kind === 'none') {
    // Engines say "no limit" of what they do not limit.
    const needed = request.writes.filter(
      ({asked, value}) => !request.wishes.has(asked) && value !== 'max' && value !== '-1',
    );
    // With a limit of memory comes one of swap, which nobody may have named.
    const asked = needed.find((write) => write.asked.endsWith('.limit')) ?? needed[0];
    if (asked === undefined) return undefined;
    throw new MinicontainerError(
      'ECGROUP',
      `${asked.asked} needs the cgroup controller ${asked.controller}: ${placement.reason}`,
      {hint: placement.fix},
    );
  }
  return placement.kind === 'v1'
    ? contributeHierarchies(placement, request)
    : contributeUnified(placement, request);
}
