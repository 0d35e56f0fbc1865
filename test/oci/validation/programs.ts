import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {cacheDirectory} from '../../vm/machine/cache.ts';

/** The commit of opencontainers/runtime-tools that the programs are of. */
export const commit = '260e151';

/** Its validation programs. Each uses a runtime as an engine would, and tells what it finds as TAP. */
export const programs = [
  'config_updates_without_affect',
  'create',
  'default',
  'delete',
  'delete_only_create_resources',
  'delete_resources',
  'hooks',
  'hooks_stdin',
  'hostname',
  'kill',
  'kill_no_effect',
  'killsig',
  'linux_cgroups_blkio',
  'linux_cgroups_cpus',
  'linux_cgroups_devices',
  'linux_cgroups_hugetlb',
  'linux_cgroups_memory',
  'linux_cgroups_network',
  'linux_cgroups_pids',
  'linux_cgroups_relative_blkio',
  'linux_cgroups_relative_cpus',
  'linux_cgroups_relative_devices',
  'linux_cgroups_relative_hugetlb',
  'linux_cgroups_relative_memory',
  'linux_cgroups_relative_network',
  'linux_cgroups_relative_pids',
  'linux_devices',
  'linux_masked_paths',
  'linux_mount_label',
  'linux_ns_itype',
  'linux_ns_nopath',
  'linux_ns_path',
  'linux_ns_path_type',
  'linux_process_apparmor_profile',
  'linux_readonly_paths',
  'linux_rootfs_propagation',
  'linux_seccomp',
  'linux_sysctl',
  'linux_uid_mappings',
  'misc_props',
  'mounts',
  'pidfile',
  'poststart',
  'poststart_fail',
  'poststop',
  'poststop_fail',
  'prestart',
  'prestart_fail',
  'process',
  'process_capabilities',
  'process_capabilities_fail',
  'process_oom_score_adj',
  'process_rlimits',
  'process_rlimits_fail',
  'process_user',
  'root_readonly_true',
  'start',
  'state',
] as const;

export type Program = (typeof programs)[number];

/**
 * The directory of the built programs and of `runtimetest`, which they run in containers; undefined
 * where one is missing. No package registry has them, so nothing here makes them.
 */
export function findPrograms(): string | undefined {
  const directory =
    process.env.MINICONTAINER_VALIDATION_PROGRAMS ??
    join(cacheDirectory(), 'oci-validation', commit);
  const complete = [...programs, 'runtimetest'].every((name) => existsSync(join(directory, name)));
  return complete ? directory : undefined;
}
