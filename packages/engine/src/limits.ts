import type {ContainerRequest} from '@minicontainer/spec';
import type {RunOptions} from './options.ts';

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
