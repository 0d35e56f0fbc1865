import type {Program} from './programs.ts';

/** Why a program does not pass with ours: what it asks for is wrong, is no longer so, or is not to be had. */
export interface Reason {
  readonly kind: 'program' | 'specification' | 'machine' | 'engines' | 'refused';
  readonly because: string;
  /** The program's own race: it may pass as well. */
  readonly either?: true;
}

const noHugetlb: Reason = {
  kind: 'machine',
  because: 'it looks for the hugetlb controller on cgroup v1, which the kernel here has on v2.',
};
const noNetwork: Reason = {
  kind: 'machine',
  because: 'no hierarchy here has the controllers net_cls and net_prio.',
};
const noWeight: Reason = {
  kind: 'machine',
  because:
    'it sets `leafWeight`, whose file went with the CFQ scheduler in Linux 5.0, on a disk 8:0 that may not be there.',
};
const noKernelMemory: Reason = {
  kind: 'machine',
  because:
    'it sets `memory.kernel`; since Linux 6.1 the kernel takes that limit and does not keep it.',
};

/** Of each program that does not pass. One that passes all the same fails the test. */
export const reasons: Partial<Record<Program, Reason>> = {
  delete: {
    kind: 'engines',
    because:
      'it wants `delete` to refuse a container that was never started. Engines delete such containers so, and runc and crun let them.',
  },
  hooks: {
    kind: 'program',
    because: 'it expects `post-start1` of hooks that it tells to write `post-start1 called`.',
  },
  hooks_stdin: {
    kind: 'specification',
    because:
      'it wants a prestart hook to be told that the container is `created`. While such hooks run it is `creating`, by the words of the specification, and runc says so too.',
  },
  linux_cgroups_blkio: noWeight,
  linux_cgroups_hugetlb: noHugetlb,
  linux_cgroups_memory: noKernelMemory,
  linux_cgroups_network: noNetwork,
  linux_cgroups_relative_blkio: noWeight,
  linux_cgroups_relative_hugetlb: noHugetlb,
  linux_cgroups_relative_memory: noKernelMemory,
  linux_cgroups_relative_network: noNetwork,
  linux_mount_label: {
    kind: 'machine',
    because:
      'the kernel here has no SELinux. A label that would protect nothing is refused; crun leaves it out.',
  },
  linux_ns_itype: {
    kind: 'refused',
    because:
      'it leaves out the mount namespace too. Every mount of the container would be made on the host, and stay there.',
  },
  linux_ns_path: {
    kind: 'refused',
    because:
      'it joins, among others, a mount namespace. Every mount of the container, and its root, would be made in it for whoever lives there.',
  },
  linux_process_apparmor_profile: {
    kind: 'machine',
    because: 'the kernel here has no AppArmor, nor a profile `acme_secure_profile`.',
  },
  misc_props: {
    kind: 'program',
    because: 'the command of its container, `/runtimetest`, is in no bundle that it makes.',
  },
  mounts: {
    kind: 'program',
    because:
      'it takes the order of /proc/self/mountinfo, where Linux lists by number, for that of the mounts. Shared binds get their numbers first: they are cloned where the peers are, and mounted in their turn.',
  },
  pidfile: {
    kind: 'program',
    either: true,
    because:
      'it wants `kill` to succeed on a container that has ended, unless it is seen running by chance. The program `kill` wants that to fail.',
  },
  poststart: {
    kind: 'program',
    either: true,
    because:
      'the hook and the command both append to one file, and the command is to be first. The hook is run when the command has been executed, and which of two shells writes first is chance.',
  },
  poststart_fail: {
    kind: 'specification',
    because:
      'it wants a failing poststart hook to be a warning. Since 1.2 the specification wants `start` to fail and the container to end.',
  },
  prestart: {
    kind: 'specification',
    because:
      'it wants prestart hooks to run in `start`. They run in `create`, as the specification has it since createRuntime hooks, which run right after them.',
  },
  process_capabilities: {
    kind: 'machine',
    because: 'it gives all capabilities, and root here has no CAP_SYS_RESOURCE to give.',
  },
  process_capabilities_fail: {
    kind: 'specification',
    because:
      'it wants an unknown capability to be an error. Since 1.1 the specification wants a warning, for kernels older than the engine.',
  },
  process_rlimits: {
    kind: 'program',
    because:
      'it looks for the soft limit of open files in a program that Go, since 1.19, starts with the hard limit.',
  },
  start: {
    kind: 'program',
    because:
      'its last case wants a configuration without `process` to be started without an error, while its words say that this must fail.',
  },
};

/** Where crun 1.8.1 passes or not by chance: a hook that ends before it has read its input ends crun too. */
export const chancesOfCrun: ReadonlySet<Program> = new Set([
  ...(['hooks', 'hooks_stdin', 'poststart', 'poststart_fail', 'poststop'] as const),
  ...(['poststop_fail', 'prestart', 'prestart_fail'] as const),
]);
