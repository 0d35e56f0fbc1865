import type {Seccomp, SeccompArgument, SeccompOperator} from '@minicontainer/spec';
import {allowed} from './allowed.ts';
import {type Profile, type ProfileRule, type ProfileTarget, resolveProfile} from './profile.ts';

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/**
 * The filter that a container has unless it asks for another: what Docker's default decides,
 * but for one hole of that (`socket`, below).
 *
 * What is allowed is named; all else is EPERM. Capabilities widen it, as their holder is trusted
 * with what they are for anyway.
 *
 * @see https://github.com/moby/profiles, seccomp/default.json
 */
export function defaultProfile(target: ProfileTarget): Seccomp {
  return resolveProfile(profile, target);
}

// AF_ALG and AF_VSOCK, between and above the families that a network namespace contains.
const AF_ALG = 38;
const AF_VSOCK = 40;

// CLONE_NEWNS and the other namespaces: a new user namespace opens all of the kernel that it guards.
const namespaceFlags = 0x7e02_0000;

// linux/personality.h: the ordinary one, Linux 2.6 with 32 bits, its fixes, and 0xffffffff, which asks.
const personalities = [0x0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff];

const profile: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: EPERM,
  archMap: [
    {
      architecture: 'SCMP_ARCH_X86_64',
      subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    },
    {architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM']},
  ],
  syscalls: [
    allow(Object.values(allowed).join(' ')),

    // Before 4.8 a tracer could change the call after the filter had judged it.
    allow('ptrace process_vm_readv process_vm_writev', {
      includes: {minKernel: {major: 4, minor: 8}},
    }),

    // The kernel's crypto, and the hypervisor's sockets, which no network namespace holds. The kernel
    // takes the family's low 32 bits, but a filter sees all 64: with a bit above them AF_ALG would
    // pass as larger than AF_VSOCK. Docker's profile lets it.
    {
      names: ['socket'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: EAFNOSUPPORT,
      ...where(0, 'SCMP_CMP_GE', 2 ** 32),
    },
    allow('socket', where(0, 'SCMP_CMP_LT', AF_ALG)),
    allow('socket', where(0, 'SCMP_CMP_EQ', AF_ALG + 1)),
    allow('socket', where(0, 'SCMP_CMP_GT', AF_VSOCK)),
    ...personalities.map((value) => allow('personality', where(0, 'SCMP_CMP_EQ', value))),

    // An architecture's own calls.
    forArchitectures(['amd64', 'x32'], 'arch_prctl'),
    forArchitectures(['amd64', 'x32', 'x86'], 'modify_ldt'),
    forArchitectures(
      ['arm', 'arm64'],
      'arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls',
    ),

    // Threads and children, but no namespaces.
    allow('clone', {
      ...where(0, 'SCMP_CMP_MASKED_EQ', namespaceFlags),
      excludes: {caps: ['CAP_SYS_ADMIN']},
    }),
    // Its flags lie in memory, which a filter cannot read: the C library falls back to clone.
    {
      names: ['clone3'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: ENOSYS,
      excludes: {caps: ['CAP_SYS_ADMIN']},
    },

    // What a capability is for.
    withCapability('CAP_SYS_ADMIN', 'clone clone3 unshare setns sethostname setdomainname'),
    withCapability(
      'CAP_SYS_ADMIN',
      'mount umount umount2 mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick',
    ),
    withCapability('CAP_SYS_ADMIN', 'bpf perf_event_open syslog fanotify_init lookup_dcookie'),
    withCapability('CAP_SYS_ADMIN', 'quotactl quotactl_fd'),
    withCapability('CAP_SYS_ADMIN', 'lsm_get_self_attr lsm_set_self_attr lsm_list_modules'),
    withCapability('CAP_DAC_READ_SEARCH', 'open_by_handle_at'),
    withCapability('CAP_SYS_BOOT', 'reboot'),
    withCapability('CAP_SYS_CHROOT', 'chroot'),
    withCapability('CAP_SYS_MODULE', 'init_module finit_module delete_module'),
    withCapability('CAP_SYS_PACCT', 'acct'),
    withCapability(
      'CAP_SYS_PTRACE',
      'kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace',
    ),
    withCapability('CAP_SYS_RAWIO', 'iopl ioperm'),
    withCapability('CAP_SYS_TIME', 'settimeofday stime clock_settime clock_settime64'),
    withCapability('CAP_SYS_TTY_CONFIG', 'vhangup'),
    withCapability('CAP_SYS_NICE', 'get_mempolicy mbind set_mempolicy set_mempolicy_home_node'),
    withCapability('CAP_SYSLOG', 'syslog'),
    withCapability('CAP_BPF', 'bpf'),
    withCapability('CAP_PERFMON', 'perf_event_open'),
  ],
};

function allow(names: string, when: Omit<ProfileRule, 'names' | 'action'> = {}): ProfileRule {
  return {names: names.split(' '), action: 'SCMP_ACT_ALLOW', ...when};
}

function withCapability(capability: string, names: string): ProfileRule {
  return allow(names, {includes: {caps: [capability]}});
}

function forArchitectures(arches: readonly string[], names: string): ProfileRule {
  return allow(names, {includes: {arches}});
}

function where(
  index: number,
  op: SeccompOperator,
  value: number,
): {readonly args: readonly SeccompArgument[]} {
  return {args: [{index, value, op}]};
}
