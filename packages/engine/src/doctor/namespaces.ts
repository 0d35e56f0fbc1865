import {existsSync} from 'node:fs';
import {type Check, good, missing, warning} from './check.ts';
import {readNumber} from './read.ts';

/** Kinds besides the user namespace, as /proc/self/ns names them. */
const kinds = ['mnt', 'pid', 'net', 'ipc', 'uts', 'cgroup', 'time'] as const;
type Kind = (typeof kinds)[number];

export interface NamespaceFacts {
  readonly exists: boolean;
  /** Of /proc/sys/user, for each user of this user namespace; undefined where it cannot be read. */
  readonly most: number | undefined;
}

export function checkNamespaces(): Check[] {
  return judgeNamespaces((kind) => ({
    exists: existsSync(`/proc/self/ns/${kind}`),
    most: readNumber(`/proc/sys/user/max_${kind}_namespaces`),
  }));
}

/** One line for those that are there, one for each that is not. */
export function judgeNamespaces(factsOf: (kind: Kind) => NamespaceFacts): Check[] {
  const lacking = kinds.flatMap((kind) => judgeNamespace(kind, factsOf(kind)) ?? []);
  const there = kinds.filter((kind) => judgeNamespace(kind, factsOf(kind)) === undefined);
  return [...(there.length > 0 ? [good('other namespaces', there.join(' '))] : []), ...lacking];
}

const options: Readonly<Record<Kind, string>> = {
  mnt: 'NAMESPACES',
  pid: 'PID_NS',
  net: 'NET_NS',
  ipc: 'IPC_NS',
  uts: 'UTS_NS',
  cgroup: 'CGROUPS',
  time: 'TIME_NS',
};

/** Containers have one of each kind, but that of time, which they have where a clock is to be another. */
function judgeNamespace(kind: Kind, {exists, most}: NamespaceFacts): Check | undefined {
  const name = `${kind} namespaces`;
  const say = kind === 'time' ? warning : missing;
  const lacking = kind === 'time' ? ': no time offsets' : '';
  if (!exists) {
    const fix = `use a kernel with CONFIG_${options[kind]}`;
    return say(name, `the kernel has none${lacking}`, fix);
  }
  if (most !== 0) return undefined;
  const sysctl = `user.max_${kind}_namespaces`;
  return say(name, `${sysctl} is 0${lacking}`, raise(sysctl));
}

/** Now and after the next boot. */
export function raise(sysctl: string, value = 15_000): string {
  const file = `/etc/sysctl.d/90-minicontainer-${sysctl.replaceAll(/[._]/g, '-')}.conf`;
  return `as root: echo ${sysctl}=${value} > ${file} && sysctl -p ${file}`;
}
