import {existsSync} from 'node:fs';
import {release} from 'node:os';
import {type ProbedCall, probeSystemCall} from '@minicontainer/syscalls';
import {type Check, good, missing, warning} from './check.ts';
import {isSince, type KernelVersion, parseRelease} from './kernel-version.ts';
import {readOptional} from './read.ts';

export interface KernelFacts {
  /** As uname(2) has it. */
  readonly release: string;
  readonly calls: Readonly<Record<NeededCall, ReturnType<typeof probeSystemCall>>>;
  /** Whether an overlay can be mounted by root: it is in the kernel, or its module is on disk. */
  readonly overlay: boolean;
}

type NeededCall = Exclude<ProbedCall, 'close_range' | 'open_tree'>;

const newer = 'apt-get install linux-image-amd64 && reboot, for a newer kernel';

/** Probed where it can be: distributions carry back what newer kernels have. */
export function checkKernel(): Check[] {
  const ofRelease = release();
  return judgeKernel({
    release: ofRelease,
    calls: {
      openat2: probeSystemCall('openat2'),
      clone3: probeSystemCall('clone3'),
      pidfd_open: probeSystemCall('pidfd_open'),
      mount_setattr: probeSystemCall('mount_setattr'),
    },
    overlay:
      /\boverlay$/m.test(readOptional('/proc/filesystems') ?? '') ||
      existsSync(`/lib/modules/${ofRelease}/kernel/fs/overlayfs`),
  });
}

export function judgeKernel({release: ofRelease, calls, overlay}: KernelFacts): Check[] {
  const version = parseRelease(ofRelease);
  return [
    isSince(version, [5, 12])
      ? good('kernel', `Linux ${ofRelease}`)
      : warning('kernel', `Linux ${ofRelease}: made for 5.12 and newer`, newer),
    judgeCall('openat2', 'openat2', calls, 'paths stay in their root file system', missing),
    judgeCall(
      'mount_setattr',
      'mount_setattr',
      calls,
      'mounts are changed with all below',
      missing,
    ),
    judgeCall('clone3', 'clone3', calls, 'a container is born in its cgroup', warning),
    judgeCall('pidfd', 'pidfd_open', calls, 'a signal reaches who was meant', missing),
    judgeOverlay(version, overlay),
    isSince(version, [5, 14])
      ? good('cgroup.kill', 'all of a container is killed at once')
      : warning('cgroup.kill', 'before Linux 5.14: a container is killed in rounds', newer),
  ];
}

function judgeCall(
  name: string,
  call: NeededCall,
  calls: KernelFacts['calls'],
  gives: string,
  otherwise: typeof missing,
): Check {
  if (calls[call] === 'there') return good(name, gives);
  // Filters of other engines also answer as an old kernel would.
  return calls[call] === 'missing'
    ? otherwise(name, `neither kernel nor filter of system calls knows ${call}(2)`, newer)
    : otherwise(name, `a filter of system calls forbids ${call}(2)`, outsideContainer);
}

const outsideContainer =
  'start the container around this one with --security-opt seccomp=unconfined';

function judgeOverlay(version: KernelVersion, overlay: boolean): Check {
  const name = 'overlay';
  if (!overlay) {
    return warning(
      name,
      'the kernel has none: the host view is read-only in containers',
      'modprobe overlay',
    );
  }
  if (!isSince(version, [5, 11])) {
    return warning(
      name,
      'not in user namespaces before Linux 5.11: the host view is read-only there',
      newer,
    );
  }
  if (!isSince(version, [5, 19])) {
    return warning(
      name,
      'not over idmapped mounts before Linux 5.19: --userns host for a host view that root can write',
      newer,
    );
  }
  const where = isSince(version, [6, 6])
    ? 'in memory'
    : 'on disk: its tmpfs has no user attributes';
  return good(name, `in user namespaces, over idmapped mounts; what is written lies ${where}`);
}
