import type {Operation, OperationName} from '@minicontainer/plan';
import {findCgroupHint} from './cgroup-hints.ts';
import {explainCommand} from './command-hints.ts';
import {explainHook, explainMove} from './hook-hints.ts';

/** What a person is told of one kind of failure, where the general sentence would not do. */
export interface Hint {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly exitCode?: number;
}

const doctor = 'minicontainer doctor tells what this host allows, and how to change it';

const elsewhere =
  'the state directory must not lie on an overlay, such as the root of another container: set MINICONTAINER_ROOT to a volume, or to a directory on ext4, XFS or Btrfs';

/** The hint for a failed operation; empty where there is nothing to add. */
export function findHint(operation: Operation, errno: string, detail: string): Hint {
  if (operation.op === 'supervise' && detail !== '') {
    return {
      code: 'ESTDOUT',
      message: `the container's ${detail} cannot be written: ${errno}`,
      hint: errno === 'ENOSPC' ? 'free some space where it goes' : 'look at where it goes',
    };
  }
  // Of a namespace, not of a disk (clone(2)).
  const clones = operation.op === 'cloneKeeper' || operation.op === 'cloneContainer';
  if (errno === 'ENOSPC' && !clones) {
    return {
      code: 'ENOSPC',
      hint: 'no space is left: free some on the disk, or in memory for a tmpfs',
    };
  }
  switch (operation.op) {
    case 'execute':
    case 'findCommand':
      return explainCommand(operation, errno, detail);
    case 'changeDirectory':
      return {
        code: 'EWORKDIR',
        message: `the working directory ${detail} cannot be used: ${errno}`,
        hint:
          errno === 'ENOENT'
            ? 'it must exist in the container: bind it with -v, or choose another with -w'
            : 'choose another with -w; it is entered as the user of -u',
      };
    case 'resolveUser':
      if (errno !== 'ENOENT') return {code: 'EUSER'};
      return {
        code: 'EUSER',
        message: `${detail} is not in the container's /etc/${detail.startsWith('group') ? 'group' : 'passwd'}`,
        hint: 'use a name that the container knows, or a number: -u 1000:1000',
      };
    case 'makeHome':
    case 'openPipes':
    case 'openTerminal':
    case 'setUser':
      // They say whose something was to be.
      if (detail === '') return operation.op === 'setUser' ? {code: 'EUSER'} : {};
      return {
        code: 'EUSER',
        message: `${detail} is not among the ids that the container has: ${errno}`,
        hint: 'map it with --uidmap and --gidmap, where you have it; a plain user has one id, or what /etc/subuid and /etc/subgid give: apt-get install uidmap, then usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME',
      };
    case 'cloneKeeper':
      return {
        code: 'EUSERNS',
        message: `the host allows no new ${errno === 'ENOSPC' || errno === 'EUSERS' ? 'user or pid namespace: the limit is reached' : 'user namespace'}: ${errno}`,
        hint: doctor,
      };
    case 'cloneContainer':
      if (errno !== 'ENOSPC' && errno !== 'EUSERS') return {};
      return {
        code: 'ENAMESPACE',
        message: `the host allows no new namespace of some kind: the limit is reached: ${errno}`,
        hint: 'raise the limit, one of those in /proc/sys/user, or end what has reached it; minicontainer doctor tells of the one for user namespaces',
      };
    case 'writeProcess':
      return errno === 'EPERM' || errno === 'EACCES' ? {code: 'EUSERNS', hint: doctor} : {};
    case 'writeControl':
      return explainControl(operation.args.path, errno);
    case 'openNamespace':
    case 'enterNamespace':
      return {
        code: 'ENAMESPACE',
        hint: 'the path must be that of a namespace, such as /proc/PID/ns/net or /run/netns/NAME, and root must have rights over it',
      };
    case 'makeDevice':
    case 'openDevice':
      return {code: 'EDEVICE'};
    case 'raiseRlimit':
      return {
        code: 'ELIMIT',
        hint: 'only CAP_SYS_RESOURCE of the host raises a hard limit: ask for at most what ulimit -H tells',
      };
    case 'setScheduler':
    case 'setIoPriority':
    case 'setMemoryPolicy':
      return explainScheduling(operation.op, errno);
    case 'runMapper':
      return {
        code: 'EIDMAP',
        message: `${operation.args.argv[0]} refused the id map: ${detail || errno}`,
        hint: 'the lines of this user in /etc/subuid and /etc/subgid must cover it, and newuidmap and newgidmap must be set-user-ID: apt-get install --reinstall uidmap',
      };
    case 'idmapMount':
      // The layers of an image, not what somebody has mounted.
      if (operation.args.mount === 'shifted' && errno === 'EINVAL') {
        return {code: 'ESTATE', hint: elsewhere};
      }
      return explainIdmap(errno);
    case 'changeOwners':
      return {
        code: 'EOWNER',
        ...(errno === 'ELOOP' && {message: `${operation.args.path} has become a link: ELOOP`}),
        hint: 'U changes the owner of all that is in it: give it on a file system that can be written, and of files that are yours',
      };
    case 'setXattr':
      if (errno !== 'EOPNOTSUPP' && errno !== 'ENOTSUP') return {};
      return {
        code: 'ESTATE',
        message: `the file system of the state directory keeps no extended attributes: ${errno}`,
        hint: 'set MINICONTAINER_ROOT to a directory on a local disk, such as ext4, XFS or Btrfs',
      };
    case 'mountLayers':
      return errno === 'EINVAL' || errno === 'ENOTSUP' ? {code: 'ESTATE', hint: elsewhere} : {};
    case 'openTree':
      if (errno === 'EPERM' && operation.stage === 'prepare') return explainIdmap(errno);
      if (errno === 'EACCES') {
        return {
          code: 'EMOUNT',
          hint: 'container root may not go there: let others pass (chmod o+x), or give it ids that may, with neither --userns nomap nor --uidmap',
        };
      }
      return errno === 'ENOENT' ? {code: 'EMOUNT', hint: 'the source must exist on the host'} : {};
    case 'attachMount':
      return explainAttach(operation.args.target, errno);
    case 'connectListener':
      return {
        code: 'ESECCOMP',
        message: `nobody listens for the filter of system calls at ${operation.args.path}: ${errno}`,
        hint: 'start the program that is to answer first; it must take connections of this user there',
      };
    case 'loadSeccomp':
      return errno === 'EINVAL' ? {code: 'ESECCOMP', hint: seccompAge(operation.args.flags)} : {};
    case 'startScope':
    case 'makeCgroup':
    case 'writeCgroup':
    case 'loadDeviceFilter':
    case 'reportOutOfMemory':
      return findCgroupHint(operation, errno, detail);
    case 'awaitContainer':
    case 'releaseContainer':
      return errno === 'EINTR' ? {message: 'ended by a signal before the command ran: EINTR'} : {};
    case 'runHook':
      return explainHook(operation.args, errno, detail);
    case 'moveLink':
      return explainMove(operation.args, errno);
    case 'maskPath':
    case 'readOnlyPath':
      return {};
    default:
      return {};
  }
}

function explainControl(path: string, errno: string): Hint {
  if (!path.startsWith('sys/')) {
    return errno === 'ENOENT'
      ? {code: 'ELABEL', hint: 'the profile must be loaded on the host: aa-status lists them'}
      : {code: 'ELABEL'};
  }
  return {
    code: 'ESYSCTL',
    hint:
      errno === 'ENOENT'
        ? 'there is no such sysctl, or none in a namespace of its own: sysctl -a lists them'
        : 'the kernel does not take this value, or not from the root of a user namespace (those of ipc before Linux 6.11): then --userns host',
  };
}

function explainScheduling(op: OperationName, errno: string): Hint {
  if (errno === 'EPERM') {
    return {
      code: 'ESCHEDULING',
      hint: 'it takes CAP_SYS_NICE of the host, which only a container with the ids of the host can have: --userns host',
    };
  }
  return op === 'setMemoryPolicy' && errno === 'EINVAL'
    ? {code: 'ESCHEDULING', hint: 'the nodes must exist: /sys/devices/system/node/has_memory'}
    : {code: 'ESCHEDULING'};
}

/** What needs the newest kernel among what a filter asks for. @see seccomp(2) */
function seccompAge(flags: bigint): string {
  return (flags & (1n << 5n)) === 0n
    ? 'this kernel is too old for the filter, or has none: see its flags and actions in seccomp(2)'
    : 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV needs Linux 5.19: leave it out of the profile';
}

/** EPERM: the file system belongs to another user namespace, or its owners are shifted already. */
function explainIdmap(errno: string): Hint {
  const instead =
    'leave idmap out and give the files to the container by U, or share the ids: --userns host';
  return {
    code: 'EIDMAP',
    hint:
      errno === 'EPERM'
        ? `only root of the host may shift owners of its files, and only once: ${instead}`
        : `not every file system can shift owners: ext4, XFS and Btrfs can, tmpfs since Linux 6.3; ${instead}`,
  };
}

function explainAttach(target: string, errno: string): Hint {
  if (errno === 'ELOOP') {
    return {
      code: 'EMOUNT',
      message: `/${target} is a symbolic link in the root file system: ELOOP`,
      hint: 'it must be a directory, or not be there',
    };
  }
  if (errno === 'EROFS' || errno === 'EACCES') {
    return {
      code: 'EMOUNT',
      hint: `there is no /${target} to mount on, and it cannot be made: make it, or mount elsewhere`,
    };
  }
  if (errno === 'ENOTDIR') {
    return {
      code: 'EMOUNT',
      message: `/${target} of the container cannot be mounted on: not a directory (ENOTDIR)`,
      hint: 'a directory can only be mounted on a directory, a file on a file',
    };
  }
  return {};
}
