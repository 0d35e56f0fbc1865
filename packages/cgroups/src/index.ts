export {contributeCgroup} from './contribution/contribute.ts';
export {callManager, list as propertyList} from './contribution/manager.ts';
export type {CgroupRequest} from './contribution/request.ts';
export {scopeProperties} from './contribution/scope-properties.ts';
export {defaultDeviceRules} from './devices/defaults.ts';
export {deviceEntries} from './devices/entries.ts';
export {compileDeviceFilter} from './devices/filter.ts';
export {type EventValue, toJson} from './events/json.ts';
export {countOutOfMemory, readUsage} from './events/usage.ts';
export type {CgroupHost, InheritedCpuset, SystemdManager} from './placement/host.ts';
export {
  cgroupTop,
  type Placement,
  type PlacementRequest,
  placeCgroup,
  type SystemdDriver,
} from './placement/place.ts';
export type {CgroupVersion, CgroupWrite, FileValue} from './resources/write.ts';
export {inheritedFiles, resourceWrites} from './resources/writes.ts';
export type {ContainerCgroup} from './running/cgroup.ts';
export {freeze, isFrozen, thaw} from './running/freeze.ts';
export {killAll, processesOf} from './running/kill.ts';
export {
  type CgroupStats,
  type CpuStats,
  type DeviceIo,
  type IoStats,
  type MemoryStats,
  type PidsStats,
  readStats,
} from './running/stats.ts';
export {updateResources, writeAll} from './running/update.ts';
export {type RefusedWrite, writeFailure} from './running/write-failure.ts';
