import type {PlacementRequest} from '@minicontainer/cgroups';
import {type ContainerRequest, defaultResources, type Resources} from '@minicontainer/spec';
import type {RunOptions} from '../options.ts';

type Limits = Pick<
  ContainerRequest,
  'resources' | 'cgroupNamespace' | 'rlimits' | 'oomScoreAdj' | 'shmSizeBytes'
>;

/** The limits among the options, as a spec is built from them. */
export function limitsOf(options: RunOptions): Limits {
  const {resources, cgroupNamespace, rlimits, oomScoreAdj, shmSizeBytes} = options;
  return {
    ...(resources !== undefined && {resources}),
    ...(cgroupNamespace !== undefined && {cgroupNamespace}),
    ...(rlimits !== undefined && {rlimits}),
    ...(oomScoreAdj !== undefined && {oomScoreAdj}),
    ...(shmSizeBytes !== undefined && {shmSizeBytes}),
  };
}

/** Where the options want the container's cgroup. */
export function cgroupRequest(options: RunOptions, id: string): PlacementRequest {
  const {cgroupParent: parent, cgroups} = options;
  return {
    name: `minicontainer-${id}`,
    disabled: cgroups === 'disabled',
    ...(parent !== undefined && {parent}),
  };
}

/** What is limited although nobody asked: tasks, and devices to those that were given. */
export function defaultLimits({privileged}: RunOptions): Resources {
  return {...defaultResources, devices: [{allow: privileged === true, access: 'rwm'}]};
}
