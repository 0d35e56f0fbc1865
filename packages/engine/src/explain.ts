import type {Plan} from '@minicontainer/plan';
import {callerIds, imagineAllocation} from './allocate.ts';
import {readOnlyFilterCache} from './filter-cache.ts';
import type {RunOptions} from './options.ts';
import {prepare} from './prepare.ts';
import {stateDirectory} from './state.ts';

/** The plan that `run` would perform, with an id of zeros; performs and makes nothing. */
export function explainRun(options: RunOptions): Plan {
  const state = stateDirectory(callerIds()[0], process.env);
  const mounts = options.mounts?.map((mount) =>
    mount.kind === 'bind' ? {...mount, createSource: false} : mount,
  );
  return prepare(
    {...options, ...(mounts === undefined ? {} : {mounts})},
    imagineAllocation(options, state),
    readOnlyFilterCache(state),
  ).plan;
}
