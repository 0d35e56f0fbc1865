import {MinicontainerError} from '@minicontainer/errors';
import type {ProgramCache} from '@minicontainer/seccomp';
import {
  type CapabilityName,
  capabilityMask,
  isCapabilityName,
  type Process,
  type Spec,
} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {compileLabels} from './labels.ts';
import {compileLimits} from './limits.ts';
import {canSetGroups, dieWithKeeper, hasNamespace} from './namespaces.ts';
import {compileWaiting, type Runtime} from './runtime.ts';
import {compileScheduling} from './scheduling.ts';
import {compileSeccompFilter} from './seccomp.ts';

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const defaultUmask = 0o022;

/** A user by name or number, for the container's own passwd and group files to resolve. */
export interface NamedUser {
  readonly user: string;
  /** Empty: the user's own. */
  readonly group: string;
  /** Besides the user's own, by name or number. */
  readonly groups?: readonly string[];
}

/**
 * Who the process will be, decided once the container's own files can be read.
 *
 * @throws {MinicontainerError} `EUSER` for groups where nobody may have any
 */
export function compileUser(
  spec: Spec,
  process: Process,
  host: HostFacts,
  named: NamedUser | undefined,
): Operation[] {
  const why = 'files and streams made for the process are to be its own';
  const {uid, gid, additionalGids = []} = process.user ?? {uid: 0, gid: 0};
  const groups = named?.groups ?? [];
  refuseUnchanging([uid, gid, ...additionalGids]);
  if ((groups.length > 0 || (!named && additionalGids.length > 0)) && !canSetGroups(spec, host)) {
    throw new MinicontainerError('EUSER', 'groups cannot be added where only one id is mapped', {
      hint: 'the kernel forbids setgroups(2) there: give the user subordinate ids in /etc/subgid',
    });
  }
  if (named === undefined) {
    return [operation('enter', 'useIds', {uid, gid, groups: additionalGids}, why)];
  }
  return [
    operation('enter', 'resolveUser', {user: named.user, group: named.group}, why),
    ...(groups.length === 0
      ? []
      : [operation('enter', 'addGroups', {groups}, 'the caller asked for them')]),
  ];
}

/** To setresuid(2) and setresgid(2) it means "leave it as it is": the process would stay root. */
function refuseUnchanging(ids: readonly number[]): void {
  if (!ids.includes(2 ** 32 - 1)) return;
  throw new MinicontainerError('EUSER', 'nobody can have the id 4294967295', {
    hint: 'the kernel keeps it for itself: the highest one is 4294967294',
  });
}

/**
 * @param handedOver whether the caller's own streams are meant for the container
 * @param console whether a terminal is the container's own, and not that of one of its processes
 */
export function compileStreams(process: Process, handedOver: boolean, console = true): Operation {
  if (process.terminal) {
    return operation(
      'enter',
      'openTerminal',
      {console},
      "with the caller's own terminal a guest could type commands into it",
    );
  }
  return handedOver
    ? operation('enter', 'inheritStreams', {}, 'the caller made them for this process')
    : operation(
        'enter',
        'openPipes',
        {},
        "the caller's belong to ids that the container has not: /dev/stdout could not be opened",
      );
}

/** The stages confine, gate and exec. */
export function compileProcess(
  spec: Spec,
  process: Process,
  host: HostFacts,
  options: {
    readonly id: string;
    readonly init?: boolean;
    readonly startInHome?: boolean;
    readonly programs?: ProgramCache;
    /** What restricts the places that files are opened in. */
    readonly places: readonly Operation[];
    /** What runs before the command, as the command will. */
    readonly starting: readonly Operation[];
    readonly runtime?: Runtime;
  },
): Operation[] {
  const environment = process.env ?? [];
  const seccomp = compileSeccompFilter(spec, process, host, options.programs);
  const limits = compileLimits(process, host);
  const {runtime} = options;
  const search = environment.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? defaultPath;
  const dependents = runtime === undefined ? dieWithKeeper(spec) : [];
  return [
    ...(runtime?.sameKeyring
      ? []
      : [
          operation(
            'confine',
            'joinKeyring',
            {name: `minicontainer-${options.id}`},
            "the caller's session keys are not the container's",
            {optional: ['ENOSYS', 'EDQUOT', 'EPERM', 'EACCES']},
          ),
        ]),
    ...compileScheduling(spec, process),
    ...limits.early,
    ...options.places,
    ...compileUserChange(spec, process, host, options.startInHome ?? false),
    operation(
      'confine',
      'setUmask',
      {mask: process.user?.umask ?? defaultUmask},
      "the same for every container, whatever the caller's is",
    ),
    operation(
      'confine',
      'closeDescriptors',
      {from: 3 + (runtime?.preservedFds ?? 0)},
      'no descriptor of the host may cross into the container',
    ),
    ...(runtime === undefined
      ? []
      : [
          operation(
            'confine',
            'findCommand',
            {argv: process.args, search},
            'who made it is told that there is no such command, not who starts it later',
          ),
        ]),
    ...compileCapabilities(spec, process, host, seccomp.privileged),
    operation(
      'gate',
      'awaitStart',
      {},
      runtime === undefined
        ? 'by then the supervisor knows that the keeper will die with it'
        : 'by then it is written down which process this is',
    ),
    ...(runtime === undefined ? [] : compileWaiting(runtime)),
    ...(options.init
      ? [
          ...dependents,
          operation('exec', 'startInit', {}, 'the caller asked for a pid 1 that reaps (--init)'),
        ]
      : []),
    ...dependents,
    ...compileLabels(process, host),
    ...limits.late,
    ...seccomp.last,
    ...options.starting,
    operation(
      'exec',
      'execute',
      {
        argv: process.args,
        // An empty one is as none, as with other runtimes: the user's own is told.
        env: environment.filter((entry) => entry !== 'HOME='),
        search,
      },
      options.init ? 'the command' : 'the command is pid 1 of the container',
    ),
  ];
}

function compileUserChange(
  spec: Spec,
  process: Process,
  host: HostFacts,
  startInHome: boolean,
): Operation[] {
  return [
    operation(
      'confine',
      'dropBounding',
      {keep: maskOf(process.capabilities?.bounding, spec, host)},
      'what is not in it, no set-user-ID program can bring back',
    ),
    operation(
      'confine',
      'setUser',
      {setgroups: canSetGroups(spec, host)},
      'capabilities are kept over the change, and set later',
    ),
    operation(
      'confine',
      'changeDirectory',
      // Empty: the home directory, which only the container's own files tell.
      {path: startInHome ? '' : process.cwd},
      'as the user, whose capabilities the change has put aside; checked to lie inside (CVE-2024-21626)',
    ),
  ];
}

/** @param filter of system calls that takes CAP_SYS_ADMIN to load */
function compileCapabilities(
  spec: Spec,
  process: Process,
  host: HostFacts,
  filter: readonly Operation[],
): Operation[] {
  const sets = process.capabilities;
  const [effective, permitted, inheritable, ambient] = [
    maskOf(sets?.effective, spec, host),
    maskOf(sets?.permitted, spec, host),
    maskOf(sets?.inheritable, spec, host),
    maskOf(sets?.ambient, spec, host),
  ];
  const loading = maskOf(['CAP_SYS_ADMIN'], spec, host);
  return [
    ...(filter.length === 0
      ? []
      : [
          operation(
            'confine',
            'setCapabilities',
            {
              effective: effective | loading,
              permitted: permitted | loading,
              inheritable,
              ambient: 0n,
            },
            'the filter takes CAP_SYS_ADMIN to load; as late as can be, so that it need not allow what we still do',
          ),
          ...filter,
        ]),
    operation(
      'confine',
      'setCapabilities',
      {effective, permitted, inheritable, ambient: ambient & inheritable & permitted},
      'exactly what the spec says',
    ),
    ...(process.noNewPrivileges
      ? [operation('confine', 'noNewPrivileges', {}, 'the spec asks for it')]
      : []),
  ];
}

function maskOf(names: readonly string[] | undefined, spec: Spec, host: HostFacts): bigint {
  return limit(names?.filter(isCapabilityName) ?? [], spec, host);
}

/** In a user namespace every capability is there to give; outside, what the caller itself may have. */
function limit(names: readonly CapabilityName[], spec: Spec, host: HostFacts): bigint {
  const asked = capabilityMask(names);
  return hasNamespace(spec, 'user') ? asked : asked & host.capabilities;
}
