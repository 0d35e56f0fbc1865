export {buildSpec} from './builder/build.ts';
export type {ControlRequest} from './builder/controls.ts';
export {defaultMaskedPaths, defaultReadonlyPaths} from './builder/paths.ts';
export type {ContainerRequest, JoinedNamespace, UserNamespace} from './builder/request.ts';
export {defaultResources} from './builder/resources.ts';
export {selectCapabilities} from './capabilities/select.ts';
export {
  type CapabilityName,
  capabilityBits,
  capabilityMask,
  capabilityNames,
  defaultCapabilities,
  isCapabilityName,
} from './capabilities/table.ts';
export type {Device, DeviceRule, NetDevice} from './config/devices.ts';
export {type Hook, type Hooks, hookNames} from './config/hooks.ts';
export type {Linux, Personality, RootfsPropagation} from './config/linux.ts';
export type {Mount, Root} from './config/mounts.ts';
export type {
  IdMapping,
  Namespace,
  NamespaceType,
  TimeOffset,
  TimeOffsets,
} from './config/namespaces.ts';
export type {IntelRdt, MemoryPolicy} from './config/placement.ts';
export type {Capabilities} from './config/privileges.ts';
export type {ConsoleSize, Process, Rlimit, RlimitType, User} from './config/process.ts';
export type {
  BlockIo,
  BlockIoThrottle,
  BlockIoWeight,
  CpuLimits,
  HugepageLimit,
  InterfacePriority,
  MemoryLimits,
  NetworkClass,
  PidsLimit,
  RdmaLimits,
  Resources,
} from './config/resources.ts';
export type {
  ExecCpuAffinity,
  IoPriority,
  Scheduler,
  SchedulerFlag,
  SchedulerPolicy,
} from './config/scheduling.ts';
export type {
  Seccomp,
  SeccompAction,
  SeccompArchitecture,
  SeccompArgument,
  SeccompFlag,
  SeccompOperator,
  SeccompRule,
} from './config/seccomp.ts';
export type {Spec} from './config/spec.ts';
export {quote} from './quote.ts';
export {specVersions} from './versions.ts';
