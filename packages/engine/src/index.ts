export {MinicontainerError} from '@minicontainer/errors';
export {OperationError} from '@minicontainer/nsexec';
export {explainPlan, type Plan, planToJson} from '@minicontainer/plan';
export {type CompileSpecOptions, compileSpec} from './compile-spec.ts';
export type {Check} from './doctor/check.ts';
export {doctor, type Finding} from './doctor/doctor.ts';
export {explainRun} from './explain.ts';
export {readHostFacts} from './host-facts.ts';
export type {AskedMappings, UserNamespaceChoice} from './ids/choice.ts';
export type {
  DeviceRequest,
  MountIds,
  MountRequest,
  RootSource,
  RunOptions,
  SeccompChoice,
} from './options.ts';
export {type ReplaceOptions, replaceWithContainer} from './replace.ts';
export {explainFailure, type ReportedFailure} from './report.ts';
export {type LibraryRunOptions, type RunResult, run} from './run.ts';
