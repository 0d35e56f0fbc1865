import type {Plan} from '@minicontainer/plan';
import {imagineAllocation} from './allocate.ts';
import {readOnlyFilterCache} from './filter-cache.ts';
import {withLayers} from './image/provision.ts';
import type {RunOptions} from './options.ts';
import {prepare} from './prepare.ts';
import {callerState} from './state.ts';

/** The plan that `run` would perform, with an id of zeros; performs and makes nothing. */
export async function explainRun(asked: RunOptions): Promise<Plan> {
  const state = callerState();
  const options = await withLayers(asked, state);
  if (options.source.kind === 'layers') options.source.hold[Symbol.dispose]();
  const mounts = options.mounts?.map((mount) =>
    mount.kind === 'bind' ? {...mount, createSource: false} : mount,
  );
  return prepare(
    {...options, ...(mounts === undefined ? {} : {mounts})},
    imagineAllocation(options, state),
    readOnlyFilterCache(state),
  ).plan;
}
