export {MinicontainerError} from '@minicontainer/errors';
export {OperationError} from '@minicontainer/nsexec';
export {explainPlan, type Plan, planToJson} from '@minicontainer/plan';
export {type Check, doctor} from './doctor.ts';
export {explainRun} from './explain.ts';
export type {MountRequest, RootSource, RunOptions} from './options.ts';
export {type ReplaceOptions, replaceWithContainer} from './replace.ts';
export {explainFailure, type ReportedFailure} from './report.ts';
export {type LibraryRunOptions, type RunResult, run} from './run.ts';
