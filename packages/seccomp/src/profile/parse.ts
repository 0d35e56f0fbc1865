import {constants} from 'node:os';
import type {Seccomp, SeccompArchitecture, SeccompArgument} from '@minicontainer/spec';
import {Json} from './json.ts';
import type {KernelVersion} from './kernel-version.ts';
import {
  type ArchitectureFamily,
  type Circumstances,
  type Profile,
  type ProfileRule,
  type ProfileTarget,
  resolveProfile,
} from './profile.ts';
import {actions, architectures, flags, operators} from './words.ts';

/**
 * The filter that a profile in Docker's format is for this container on this machine.
 *
 * Podman's `errno` by name is understood too. Unknown fields are let through, as both do.
 *
 * @param text the profile's JSON
 * @throws {MinicontainerError} `ESECCOMP`, with the place in it as a JSON pointer
 */
export function parseProfile(text: string, target: ProfileTarget): Seccomp {
  return resolveProfile(readProfile(Json.parse(text)), target);
}

function readProfile(json: Json): Profile {
  const names = json.field('architectures')?.items().map(readArchitecture) ?? [];
  const archMap = json.field('archMap')?.items().map(readFamily) ?? [];
  if (names.length > 0 && archMap.length > 0) {
    json.refuse('either architectures or archMap, not both');
  }
  const defaultErrnoRet = readErrno(json, 'defaultErrnoRet', 'defaultErrno');
  const listenerPath = json.field('listenerPath')?.string();
  const listenerMetadata = json.field('listenerMetadata')?.string();
  const given = json.field('flags')?.items() ?? [];
  return {
    defaultAction: json.required('defaultAction', anAction).key(actions, anAction),
    ...(defaultErrnoRet !== undefined && {defaultErrnoRet}),
    ...(names.length > 0 && {architectures: names}),
    ...(given.length > 0 && {flags: given.map((flag) => flag.key(flags, 'SECCOMP_FILTER_FLAG_…'))}),
    ...(listenerPath !== undefined && {listenerPath}),
    ...(listenerMetadata !== undefined && {listenerMetadata}),
    archMap,
    syscalls: json.field('syscalls')?.items().map(readRule) ?? [],
  };
}

const anAction = 'an action, SCMP_ACT_…';

function readArchitecture(json: Json): SeccompArchitecture {
  return json.key(architectures, 'an architecture, SCMP_ARCH_…');
}

function readFamily(json: Json): ArchitectureFamily {
  return {
    architecture: readArchitecture(json.required('architecture', 'an architecture')),
    subArchitectures: json.field('subArchitectures')?.items().map(readArchitecture) ?? [],
  };
}

function readRule(json: Json): ProfileRule {
  const errnoRet = readErrno(json, 'errnoRet', 'errno');
  const args = json.field('args')?.items() ?? [];
  const includes = json.field('includes');
  const excludes = json.field('excludes');
  return {
    names: readNames(json),
    action: json.required('action', anAction).key(actions, anAction),
    ...(errnoRet !== undefined && {errnoRet}),
    ...(args.length > 0 && {args: args.map(readArgument)}),
    ...(includes && {includes: readCircumstances(includes)}),
    ...(excludes && {excludes: readCircumstances(excludes)}),
  };
}

/** `names`, or one `name` as old profiles have it. */
function readNames(json: Json): string[] {
  const names = json.field('names')?.items() ?? [];
  const name = json.field('name');
  if (name !== undefined && names.length > 0) json.refuse('either name or names, not both');
  const all = name === undefined ? names : [name];
  if (all.length === 0) json.refuse('at least one of names');
  return all.map((one) => (one.string() === '' ? one.refuse('a name') : one.string()));
}

function readArgument(json: Json): SeccompArgument {
  const value = (name: string, field = json.field(name)) =>
    field?.integer(0, Number.MAX_SAFE_INTEGER);
  const valueTwo = value('valueTwo');
  return {
    index: json.required('index', 'an argument from 0 to 5').integer(0, 5),
    value: value('value', json.required('value', 'an integer')) ?? 0,
    ...(valueTwo !== undefined && {valueTwo}),
    op: json.required('op', 'a comparison, SCMP_CMP_…').key(operators, 'a comparison, SCMP_CMP_…'),
  };
}

function readCircumstances(json: Json): Circumstances {
  const strings = (name: string) =>
    json
      .field(name)
      ?.items()
      .map((item) => item.string()) ?? [];
  const caps = strings('caps');
  const arches = strings('arches');
  const minKernel = json.field('minKernel');
  return {
    ...(caps.length > 0 && {caps}),
    ...(arches.length > 0 && {arches}),
    ...(minKernel && minKernel.string() !== '' && {minKernel: readKernel(minKernel)}),
  };
}

function readKernel(json: Json): KernelVersion {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(json.string()) ?? [];
  if (major === undefined) json.refuse('a kernel version such as "4.8"');
  return {major: Number(major), minor: Number(minor)};
}

/** A number, or a name such as `ENOSYS`; where both are there they must mean the same. */
function readErrno(json: Json, numberField: string, nameField: string): number | undefined {
  const number = json.field(numberField)?.integer(0, 0xffff);
  const name = json.field(nameField);
  if (name === undefined || name.string() === '') return number;
  const named = constants.errno[name.key(constants.errno, 'an errno such as "EPERM"')];
  if (number !== undefined && number !== named) name.refuse(`the name of errno ${number}`);
  return named;
}
