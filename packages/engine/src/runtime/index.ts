export {explainFailure, type ReportedFailure} from '../report.ts';
export {type CreateOptions, planContainer} from './create.ts';
export {requireDescriptors} from './descriptors.ts';
