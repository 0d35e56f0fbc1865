import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {cgroupTop, type Placement, placeCgroup} from '@minicontainer/cgroups';
import type {CgroupLayout} from '@minicontainer/plan';
import {callerIds} from '../allocate.ts';
import {readCgroupHost} from '../cgroup/host.ts';
import {readCgroupLayout} from '../host-facts.ts';
import {isNested} from '../ids/nesting.ts';
import {type Check, good, warning} from './check.ts';
import {readOptional} from './read.ts';

const nobody = 65_534;

/** What limits this caller's containers can have. */
export function checkCgroups(): Check[] {
  const layout = readCgroupLayout(readOptional('/proc/self/mountinfo') ?? '');
  // As `limit` has it: root of a user namespace is nobody to the host's systemd.
  const uid = callerIds()[0] === 0 && isNested() ? nobody : callerIds()[0];
  const placement = placeCgroup(readCgroupHost(layout, uid, undefined), {
    name: 'minicontainer-doctor',
  });
  return [
    judgeLayout(layout),
    judgePlacement(placement),
    ...(placement.kind === 'none' ? [] : judgeControllers(placement)),
    ...(placement.kind === 'none' ? [] : [judgeSwap(readSwap(layout))]),
    judgeDevices(placement, {uid, bpf: existsSync('/proc/sys/kernel/unprivileged_bpf_disabled')}),
  ];
}

export function judgeLayout(layout: CgroupLayout): Check {
  const name = 'cgroups';
  if (layout.version === 0) {
    return warning(name, 'none mounted', `as root: mount -t cgroup2 cgroup2 ${cgroupTop}`);
  }
  return good(name, `version ${layout.version}`);
}

export function judgePlacement(placement: Placement): Check {
  const name = 'a cgroup';
  switch (placement.kind) {
    case 'none': {
      const {reason, fix} = placement;
      return warning(name, `${reason}: nothing limits a container's memory, cpu and tasks`, fix);
    }
    case 'scope': {
      const {manager, slice} = placement;
      return good(name, `a scope in ${slice}, made by systemd of the ${manager.kind}`);
    }
    default:
      return good(name, `made in ${cgroupTop}`);
  }
}

/** What each controller is for, by its name in v2; v1 calls `io` blkio. */
const limits = {
  memory: '--memory',
  cpu: '--cpus',
  pids: '--pids-limit, and fork bombs',
  io: '--device-read-bps, --blkio-weight',
  cpuset: '--cpuset-cpus',
} as const;

/** One line for those that are there, one for each that is not. */
export function judgeControllers(placement: Exclude<Placement, {kind: 'none'}>): Check[] {
  const there = controllersOf(placement);
  const names = Object.entries(limits);
  const found = names.filter(([name]) => there.includes(name)).map(([name]) => name);
  const others = ['hugetlb', 'rdma', 'misc'].filter((name) => there.includes(name));
  return [
    ...(found.length > 0 ? [good('controllers', [...found, ...others].join(' '))] : []),
    ...names
      .filter(([name]) => !there.includes(name))
      .map(([name, use]) =>
        warning(`controller ${name}`, `not there: no ${use}`, fixFor(placement, name)),
      ),
  ];
}

function controllersOf(placement: Exclude<Placement, {kind: 'none'}>): readonly string[] {
  if (placement.kind !== 'v1') return placement.controllers;
  return placement.hierarchies
    .flatMap(({options}) => options.split(','))
    .map((name) => (name === 'blkio' ? 'io' : name));
}

function fixFor(placement: Placement, name: string): string {
  if (placement.kind === 'v1') {
    const v1 = name === 'io' ? 'blkio' : name;
    const place = join(cgroupTop, v1);
    return `as root: mkdir ${place} && mount -t cgroup -o ${v1} cgroup ${place}`;
  }
  if (placement.kind === 'scope' && placement.manager.kind === 'user') {
    const directory = '/etc/systemd/system/user@.service.d';
    const delegate = "printf '[Service]\\nDelegate=cpu cpuset io memory pids\\n'";
    return `as root: mkdir -p ${directory} && ${delegate} > ${directory}/delegate.conf && systemctl daemon-reload, then log in anew`;
  }
  return `boot without cgroup_disable=${name} and without cgroup v1, on a kernel that has it`;
}

/** @param swap whether there is any, and whether cgroups count it; undefined where no cgroup tells */
export function judgeSwap(swap: {used: boolean; counted: boolean | undefined}): Check {
  const name = 'swap';
  if (swap.counted) return good(name, 'counted: --memory-swap can be had');
  if (!swap.used) return good(name, 'none in use: --memory alone limits');
  if (swap.counted === undefined)
    return good(name, 'in use; no cgroup tells whether it is counted');
  return warning(
    name,
    'in use and not counted: a container may swap past --memory',
    `as root: echo 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX swapaccount=1"' >> /etc/default/grub && update-grub && reboot`,
  );
}

/** @param bpf whether the kernel has the system call that filters of v2 are loaded by */
export function judgeDevices(placement: Placement, {uid, bpf}: {uid: number; bpf: boolean}): Check {
  const name = 'device filter';
  if (uid !== 0) return good(name, 'not needed: a user namespace can make no devices');
  const loose = "a container with the host's ids (--userns host) could open devices that it makes";
  if (placement.kind === 'none') return warning(name, `no cgroup: ${loose}`, placement.fix);
  if (placement.kind === 'v1') {
    return placement.hierarchies.some(({options}) => options.split(',').includes('devices'))
      ? good(name, 'by the devices cgroup')
      : warning(name, `no devices cgroup: ${loose}`, fixFor(placement, 'devices'));
  }
  return bpf
    ? good(name, 'by eBPF')
    : warning(name, `no bpf(2): ${loose}`, 'use a kernel with CONFIG_CGROUP_BPF');
}

function readSwap(layout: CgroupLayout): {used: boolean; counted: boolean | undefined} {
  const used = (readOptional('/proc/swaps') ?? '').split('\n').length > 1;
  if (layout.version === 0) return {used, counted: undefined};
  if (layout.version === 2) return {used, counted: countsSwap()};
  const memory = layout.hierarchies.find(({options}) => options.split(',').includes('memory'));
  if (memory === undefined) return {used, counted: undefined};
  return {
    used,
    counted: existsSync(join(cgroupTop, memory.directory, 'memory.memsw.limit_in_bytes')),
  };
}

/** The root cgroup has no limits, so another with the controller tells. */
function countsSwap(): boolean | undefined {
  const own = /^0::(\/.*)$/m.exec(readOptional('/proc/self/cgroup') ?? '')?.[1] ?? '/';
  for (const directory of [join(cgroupTop, own), ...listCgroups()]) {
    if (existsSync(join(directory, 'memory.max')))
      return existsSync(join(directory, 'memory.swap.max'));
  }
  return undefined;
}

function listCgroups(): string[] {
  try {
    return readdirSync(cgroupTop, {withFileTypes: true})
      .filter((entry) => entry.isDirectory())
      .map(({name}) => join(cgroupTop, name));
  } catch {
    return [];
  }
}
