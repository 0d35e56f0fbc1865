import type {Operation} from '@minicontainer/plan';
import type {Hint} from './hints.ts';

type CgroupOperation = Extract<
  Operation,
  {op: 'startScope' | 'makeCgroup' | 'writeCgroup' | 'loadDeviceFilter' | 'reportOutOfMemory'}
>;

/** What a person is told when a cgroup cannot be had, or has held. */
export function findCgroupHint(operation: CgroupOperation, errno: string, detail: string): Hint {
  const disable = '--cgroups disabled does without a cgroup, and so without limits';
  switch (operation.op) {
    case 'startScope':
      return {
        code: 'ECGROUP',
        message: `systemd gave no cgroup: ${detail === '' ? errno : detail}`,
        hint: `busctl(1) must be there, and systemd answer: systemctl status; ${disable}`,
      };
    case 'makeCgroup':
      return {
        code: 'ECGROUP',
        message: `cannot make the cgroup ${operation.args.path}: ${errno} in ${detail}`,
        hint:
          errno === 'EBUSY'
            ? 'processes are in a cgroup above it, which then hands on no controllers: move them, or choose another --cgroup-parent'
            : disable,
      };
    case 'writeCgroup':
      return {
        code: 'ECGROUP',
        message: `the kernel refuses ${operation.args.data} for ${operation.args.file}: ${errno}; ${operation.why}`,
        ...hintForWrite(errno),
      };
    case 'loadDeviceFilter':
      return {
        code: 'ECGROUP',
        hint: `it needs CAP_BPF or CAP_SYS_ADMIN, and CONFIG_CGROUP_BPF; ${disable}`,
      };
    case 'reportOutOfMemory': {
      const found = parseOutOfMemory(detail);
      if (found === undefined) return {};
      return {
        code: 'EOUTOFMEMORY',
        message: `memory ran out, with ${operation.why}: the kernel killed ${found.killed} of the container's processes`,
        hint: 'give it more with --memory, or have it need less',
        exitCode: found.exitCode,
      };
    }
    default:
      return operation satisfies never;
  }
}

function hintForWrite(errno: string): Pick<Hint, 'hint'> {
  if (errno === 'ENOENT') {
    return {hint: 'this kernel has no such limit: leave it out'};
  }
  if (errno === 'EINVAL' || errno === 'ERANGE' || errno === 'ENODEV' || errno === 'ENXIO') {
    return {hint: 'no such CPU, memory node, device or value: check it against this machine'};
  }
  if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS') {
    return {hint: 'a cgroup above it has less, or is not the caller’s: choose a lower limit'};
  }
  return {};
}

/** What `reportOutOfMemory` tells: the processes that were killed, and how the container ended. */
export function parseOutOfMemory(
  detail: string,
): {readonly killed: number; readonly exitCode: number} | undefined {
  const match = /^(\d+) (\d+)$/.exec(detail);
  return match === null ? undefined : {killed: Number(match[1]), exitCode: Number(match[2])};
}
