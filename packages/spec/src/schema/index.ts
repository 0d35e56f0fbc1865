export {LinuxSchema} from './linux.ts';
export {ProcessSchema} from './process.ts';
export {ResourcesSchema} from './resources.ts';
export {SeccompSchema} from './seccomp.ts';
export {SpecSchema} from './spec.ts';
export {validateSpec} from './validate.ts';
