/**
 * What tells of the host, or of its hardware, and is hidden: what Podman and moby hide together.
 *
 * `interrupts` and `powercap` are side channels (GHSA-6fw5-f8r9-fgfm, GHSA-jq35-85cj-fj4p); the
 * `thermal_throttle` directories of the first depend on the host's CPUs, so its caller adds them.
 */
export const defaultMaskedPaths: readonly string[] = Object.freeze([
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/dev/block',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
  '/sys/fs/selinux',
]);

/** What the whole host would notice, were it written. */
export const defaultReadonlyPaths: readonly string[] = Object.freeze([
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
]);
