export {defaultDeviceRules} from './devices/defaults.ts';
export {deviceEntries} from './devices/entries.ts';
export {compileDeviceFilter} from './devices/filter.ts';
export type {CgroupVersion, CgroupWrite, FileValue} from './resources/write.ts';
export {inheritedFiles, resourceWrites} from './resources/writes.ts';
