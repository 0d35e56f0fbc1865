export {explainFailure, type ReportedFailure} from '../report.ts';
export type {CgroupManagement} from './cgroups-path.ts';
export {type CheckpointOptions, checkpoint} from './checkpoint/dump.ts';
export {planRestore, type RestoreOptions} from './checkpoint/restore.ts';
export {
  type Container,
  type ContainerState,
  type ContainerStatus,
  type ProcessIdentity,
  readContainer,
  readContainerSpec,
  readInit,
} from './container.ts';
export {type CreateOptions, planContainer} from './create.ts';
export {requireDescriptors} from './descriptors.ts';
export {followEvents, statsEvent} from './events.ts';
export {type ExecOptions, planExec} from './exec.ts';
export {runtimeFeatures} from './features.ts';
export {type ListedContainer, listContainers} from './list.ts';
export {pauseContainer, resumeContainer} from './pause.ts';
export {containerProcesses} from './processes.ts';
export {updateContainer} from './update.ts';
export {updateResctrl} from './update-rdt.ts';
