export type {Arguments} from './arguments.ts';
export {cloneSource} from './compile/clone-source.ts';
export {
  type CgroupContribution,
  type CgroupLocation,
  type CompileOptions,
  compilePlan,
  type SystemdUnit,
} from './compile/compile.ts';
export {compileExec, type ExecCgroup, type ExecRuntime, type ExecTarget} from './compile/exec.ts';
export {deviceName} from './compile/given-devices.ts';
export {
  type CgroupHierarchy,
  type CgroupLayout,
  type HostFacts,
  isHostRoot,
} from './compile/host.ts';
export {
  type MountOptions,
  mountAttribute,
  mountOptionNames,
  parseMountOptions,
} from './compile/mount-options.ts';
export {cloneFlag} from './compile/namespace-types.ts';
export {canSetGroups} from './compile/namespaces.ts';
export type {NamedUser} from './compile/process.ts';
export {compileRestore, type Restore} from './compile/restore.ts';
export type {Runtime} from './compile/runtime.ts';
export {memoryPolicyWords} from './compile/scheduling.ts';
export {compileTreeWork, type TreeOwner} from './compile/tree-work.ts';
export {decodePlan} from './decode.ts';
export {encodePlan} from './encode.ts';
export {explainPlan, planToJson} from './explain.ts';
export type {OperationEntry} from './operation-entry.ts';
export {type OperationName, operations} from './operations.ts';
export {type ErrnoName, type Operation, operation, type Plan} from './plan.ts';
export {type Stage, stages} from './stages.ts';
