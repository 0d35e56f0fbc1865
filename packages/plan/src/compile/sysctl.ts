import {MinicontainerError} from '@minicontainer/errors';
import type {NamespaceType, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import type {HostFacts} from './host.ts';
import {hasNamespace, namespaceOf} from './namespace-types.ts';

/** Which namespace a sysctl belongs to; what belongs to none is the whole host's. */
const owners: readonly (readonly [NamespaceType, RegExp])[] = [
  ['ipc', /^kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)$/],
  ['ipc', /^fs\.mqueue\.\w+$/],
  ['network', /^net\..+$/],
  ['uts', /^kernel\.(hostname|domainname)$/],
  ['user', /^user\.max_\w+$/],
];
const hint =
  'a container has kernel.msg*, kernel.sem, kernel.shm*, fs.mqueue.*, net.*, kernel.domainname and user.max_* for itself';

/**
 * The kernel parameters of a spec, written once the container's names are set.
 *
 * @throws {MinicontainerError} `ESYSCTL` for one that the host would notice
 */
export function compileSysctls(spec: Spec, host: HostFacts): Operation[] {
  return Object.entries(spec.linux?.sysctl ?? {}).map(([name, value]) => {
    const path = toPath(name);
    refuseShared(path.join('.'), spec, host);
    const why = 'the spec asks for it, and it is of its own namespaces';
    // Their files belong to the host's root, whoever's the namespace is; the system calls do not.
    if (path.join('.') === 'kernel.hostname') {
      return operation('enter', 'setHostname', {name: value}, why);
    }
    if (path.join('.') === 'kernel.domainname') {
      return operation('enter', 'setDomainname', {name: value}, why);
    }
    return operation(
      'enter',
      'writeControl',
      {procfs: 'procfs', path: ['sys', ...path].join('/'), data: value},
      why,
    );
  });
}

/** As sysctl(8): whichever of `.` and `/` comes first parts the name, the other belongs to it. */
function toPath(name: string): readonly string[] {
  const separator = /[./]/.exec(name)?.[0] ?? '.';
  const parts = name
    .split(separator)
    .map((part) => (separator === '.' ? part.replaceAll('/', '.') : part));
  if (parts.some((part) => /^\.{0,2}$/.test(part))) {
    throw new MinicontainerError('ESYSCTL', `there is no sysctl ${JSON.stringify(name)}`, {hint});
  }
  return parts;
}

function refuseShared(name: string, spec: Spec, host: HostFacts): void {
  const type = owners.find(([, pattern]) => pattern.test(name))?.[0];
  if (type === undefined) {
    throw new MinicontainerError('ESYSCTL', `the sysctl ${name} belongs to the whole host`, {hint});
  }
  const path = namespaceOf(spec, type)?.path;
  const shared =
    path === undefined ? !hasNamespace(spec, type) : host.ownNamespaces?.includes(path);
  if (shared) {
    throw new MinicontainerError(
      'ESYSCTL',
      `the sysctl ${name} would be set for the host, whose ${type} namespace the container shares`,
      {hint: `give the container a ${type} namespace of its own, or leave the sysctl out`},
    );
  }
  const other = {hostname: spec.hostname, domainname: spec.domainname}[name.slice(7)];
  if (name.startsWith('kernel.') && other !== undefined) {
    throw new MinicontainerError('ESYSCTL', `the sysctl ${name} and another setting contradict`, {
      hint: `leave it out: the container's ${name.slice(7)} is ${other}`,
    });
  }
}
