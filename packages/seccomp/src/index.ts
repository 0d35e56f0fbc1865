export {type KnownArchitecture, type Machine, machineOf} from './architectures.ts';
export type {ProgramCache} from './compile/cache.ts';
export {type CompileTarget, compileSeccomp, type SeccompProgram} from './compile/compile.ts';
export type {Filter, FilterArgument, FilterRule} from './compile/filter.ts';
export {syscallNumbers} from './numbers/table.ts';
export {unknownSyscalls} from './numbers/unknown.ts';
export {defaultProfile} from './profile/default.ts';
export {parseProfile} from './profile/parse.ts';
export type {ProfileTarget} from './profile/profile.ts';
