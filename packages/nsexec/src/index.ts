export {explainFailure, OperationError} from './explain-failure.ts';
export {findNsexec, overrideVariable} from './find.ts';
export {parseReport, type Report} from './report.ts';
export {
  type PlanResult,
  type RunningPlan,
  type RunPlanOptions,
  runPlan,
  type Stream,
} from './run.ts';
