import type {ProgramCache} from '@minicontainer/seccomp';
import type {NamespaceType, Process, Spec} from '@minicontainer/spec';
import {type Operation, operation, type Plan} from '../plan.ts';
import {compileAffinity} from './affinity.ts';
import {mustSeal} from './compile.ts';
import {compileGivenStreams} from './given-streams.ts';
import type {HostFacts} from './host.ts';
import {ownerOf} from './id-maps.ts';
import {compileListener} from './listener.ts';
import {cloneFlag, cloneParent} from './namespace-types.ts';
import {canSetGroups, compileLimitsAndScore, whyShortKeeper} from './namespaces.ts';
import {compileProcess, compileStreams, compileUser} from './process.ts';
import {compileFollowing, type Runtime} from './runtime.ts';
import {inStageOrder} from './stage-order.ts';

/** A container that gets another process. */
export interface ExecTarget {
  readonly id: string;
  readonly bundle: string;
  /** What it was made of. */
  readonly spec: Spec;
  /** Its first process, by what no other has: see proc_pid_stat(5). */
  readonly init: {readonly pid: number; readonly startTime: bigint};
  /** Those of its namespaces that the caller is not in. */
  readonly namespaces: readonly NamespaceType[];
  readonly cgroup: ExecCgroup;
}

/** Where in the host's hierarchies it runs; absolute paths. */
export interface ExecCgroup {
  /** A directory of version 2. */
  readonly unified?: string;
  /** Instead, where that one has controllers and so takes no processes: its first process has moved. */
  readonly instead?: string;
  /** The lists of members of version 1. */
  readonly members: readonly string[];
}

/** How the process is handed to the caller. */
export type ExecRuntime = Omit<Runtime, 'directory' | 'gate'> & {
  /** Where compiled filters of system calls are kept. */
  readonly programs?: ProgramCache;
};

/**
 * The operations that run another process in a container that is there: the stages of a container without
 * mounts, with namespaces that are entered where there new ones are made. Pure.
 *
 * @throws {MinicontainerError} for what the process asks for and this host or the container has not
 */
export function compileExec(
  target: ExecTarget,
  process: Process,
  host: HostFacts,
  {programs, ...leaving}: ExecRuntime,
): Plan {
  const spec: Spec = {...target.spec, process};
  const runtime: Runtime = {...leaving, directory: '', gate: false};
  const operations = [
    openProcess(target),
    ...compileGivenStreams(spec, process, host),
    ...openCgroups(target.cgroup),
    ...openProcfs(process),
    operation('clone', 'cloneKeeper', {flags: 0n}, whyShortKeeper),
    ...compileLimitsAndScore(process, host),
    ...compileListener(spec, target.id, target.bundle, target.init.pid),
    operation('attach', 'releaseKeeper', {}, 'it is as limited as the process is to be'),
    operation('keep', 'awaitRelease', {}, 'until then the keeper has no limits'),
    ...compileAffinity(process, 'initial'),
    ...enterEarly(target, host),
    ...cloneInto(target.cgroup),
    operation('keep', 'leaveContainer', {}, 'who watches the process is not one of us'),
    operation('build', 'awaitRelease', {}, 'nothing is entered before the supervisor can end it'),
    ...enterCgroups(target.cgroup),
    ...compileAffinity(process, 'final'),
    ...enterRest(target, host),
    ...becomeRoot(target, host),
    ...compileUser(spec, process, host, undefined),
    compileStreams(process, true, false),
    ...compileProcess(spec, process, host, {
      ...{id: target.id, places: [], starting: [], runtime},
      ...(programs && {programs}),
    }),
    ...compileFollowing(runtime, process),
  ];
  return {operations: inStageOrder(operations), seal: mustSeal(spec, host)};
}

function openProcess({init: {pid, startTime}}: ExecTarget): Operation {
  return operation(
    'prepare',
    'openProcess',
    {pid, startTime, to: 'process'},
    'its pid may be given away again; what is entered is this process or nothing',
  );
}

function openCgroups({unified, instead, members}: ExecCgroup): Operation[] {
  return [
    ...(unified === undefined
      ? []
      : [operation('prepare', 'openDirectory', {path: unified, to: 'cgroup'}, whyCgroup)]),
    ...(instead === undefined
      ? []
      : [operation('prepare', 'openDirectory', {path: instead, to: 'instead'}, whyInstead)]),
    ...members.map((file) =>
      operation('prepare', 'openMembers', {cgroup: undefined, file, to: file}, whyCgroup),
    ),
  ];
}

/** The caller's own, in which a process finds itself wherever it is: that of the container may be anything. */
function openProcfs({apparmorProfile, selinuxLabel}: Process): Operation[] {
  if (!apparmorProfile && !selinuxLabel) return [];
  return [
    operation(
      'prepare',
      'openDirectory',
      {path: '/proc', to: 'procfs'},
      'nothing of the container can lie in its way',
    ),
  ];
}

const whyCgroup = "the container's limits hold for all of its processes";
const whyInstead = 'its first process may have divided the cgroup, which then takes no processes';

function cloneInto({unified, instead}: ExecCgroup): Operation[] {
  const clone = (cgroup: string | undefined, fallback: object) =>
    operation(
      'keep',
      'cloneContainer',
      {flags: cloneParent, cgroup},
      'in its cgroup from the start, and of the pid namespace that was entered',
      fallback,
    );
  if (unified === undefined) return [clone(undefined, {})];
  return instead === undefined
    ? [clone('cgroup', {})]
    : [clone('cgroup', {optional: ['EBUSY'], else: 1}), clone('instead', {})];
}

/** While the view of the host's hierarchies is the caller's: inside there may be no way to them. */
function enterCgroups({members}: ExecCgroup): Operation[] {
  return members.map((file) => operation('build', 'enterCgroup', {members: file}, whyCgroup));
}

/**
 * The pid namespace, which only a child is in. Without the rights of the host's root it takes those of the
 * user namespace; with them that comes last, as others may belong to the host.
 */
function earlyTypes({namespaces}: ExecTarget, {uid}: HostFacts): NamespaceType[] {
  const wanted = uid === 0 ? ['pid'] : ['pid', 'user'];
  return namespaces.filter((type) => wanted.includes(type));
}

function enterEarly(target: ExecTarget, host: HostFacts): Operation[] {
  return enter('keep', earlyTypes(target, host), 'what is cloned next is in it');
}

/** In one call: with what is held before it, not with what is left after a user namespace. */
function enterRest(target: ExecTarget, host: HostFacts): Operation[] {
  const early = earlyTypes(target, host);
  const rest = target.namespaces.filter((type) => !early.includes(type));
  return enter('build', rest, 'from here on it sees what the container sees, and no more');
}

function enter(stage: 'keep' | 'build', types: readonly NamespaceType[], why: string): Operation[] {
  if (types.length === 0) return [];
  const namespaces = types.reduce((flags, type) => flags | cloneFlag[type], 0n);
  return [operation(stage, 'enterProcess', {process: 'process', namespaces}, why)];
}

function becomeRoot({spec, namespaces}: ExecTarget, host: HostFacts): Operation[] {
  if (!namespaces.includes('user')) return [];
  return [
    operation(
      'build',
      'becomeRoot',
      {
        uid: ownerOf(spec.linux?.uidMappings ?? []),
        gid: ownerOf(spec.linux?.gidMappings ?? []),
        setgroups: canSetGroups(spec, host),
      },
      'nothing is opened in the container with ids of the host',
    ),
  ];
}
