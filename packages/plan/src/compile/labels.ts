import {MinicontainerError} from '@minicontainer/errors';
import type {Process, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';

const unconfined = 'unconfined';

/**
 * The profile or label that the command is executed with. Last before limits and the filter: it holds for
 * the next execve of the process that writes it.
 *
 * @throws {MinicontainerError} `EAPPARMOR`, `ESELINUX` where the host has none
 * @see apparmor(7), selinux(8)
 */
export function compileLabels(process: Process, host: HostFacts): Operation[] {
  const {apparmorProfile, selinuxLabel} = process;
  return [
    ...(apparmorProfile ? confine(apparmorProfile, host) : []),
    ...(selinuxLabel ? label(selinuxLabel, host) : []),
  ];
}

/**
 * The mount option that labels all files of a file system.
 *
 * @throws {MinicontainerError} `ESELINUX` where the host has none
 */
export function labelOptions(spec: Spec, type: string, host: HostFacts): readonly string[] {
  const mountLabel = spec.linux?.mountLabel;
  if (!mountLabel) return [];
  requireSelinux(mountLabel, host);
  // Their files have labels of their own.
  return ['proc', 'sysfs', 'cgroup', 'cgroup2'].includes(type) ? [] : [`context=${mountLabel}`];
}

function confine(profile: string, host: HostFacts): Operation[] {
  if (host.lsm?.apparmor !== true) {
    if (profile === unconfined) return [];
    throw new MinicontainerError(
      'EAPPARMOR',
      `this host has no AppArmor, which the profile ${profile} would need`,
      {hint: 'leave the profile out, or start a kernel with AppArmor: lsm=…,apparmor'},
    );
  }
  return [
    operation(
      'exec',
      'writeControl',
      {procfs: 'procfs', path: '$pid/attr/apparmor/exec', data: `exec ${profile}`},
      `the AppArmor profile of the command is ${profile}`,
      // Before Linux 5.8 there was one directory for whichever module is first.
      {optional: ['ENOENT'], else: 1},
    ),
    operation(
      'exec',
      'writeControl',
      {procfs: 'procfs', path: '$pid/attr/exec', data: `exec ${profile}`},
      `the AppArmor profile of the command is ${profile}`,
    ),
  ];
}

function label(value: string, host: HostFacts): Operation[] {
  requireSelinux(value, host);
  return [
    operation(
      'exec',
      'writeControl',
      {procfs: 'procfs', path: '$pid/attr/exec', data: value},
      'the SELinux label of the command',
    ),
  ];
}

function requireSelinux(value: string, host: HostFacts): void {
  if (host.lsm?.selinux === true) return;
  throw new MinicontainerError(
    'ESELINUX',
    `this host has no SELinux, which the label ${value} would need`,
    {hint: 'leave the label out, or start a kernel with SELinux: lsm=…,selinux'},
  );
}
