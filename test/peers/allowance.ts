import {capabilityNames} from '@minicontainer/spec';
import {allowedCalls, dependentCalls} from './calls.ts';
import {mountAt, mountsOf, placesOf} from './mounts.ts';
import {type Observation, pathsOf, statusOf, toldOf} from './observation.ts';

/**
 * What a process may do, each thing with how much of it: a number where there is one, such as a
 * limit, else 1. Who allows less has fewer of them, or lower ones.
 */
export type Allowance = ReadonlyMap<string, number>;

/** What an allowance is about: the rows of the comparison. */
export const subjects = [
  'capability',
  'privileges',
  'system call',
  'read',
  'write',
  'cgroup',
  'device',
  'namespace',
  'keyring',
  'descriptor',
  'environment',
  'limit',
  'ids',
  'mount',
  'label',
  'interface',
  'attempt',
] as const;

/**
 * Allowances of all that were observed: what a mount or a namespace means shows beside the others.
 *
 * @returns by the runtime's name; each allowance begins with its subject, as `read: /proc/kcore`
 */
export function allowances(observations: readonly Observation[]): ReadonlyMap<string, Allowance> {
  const contained = observations.filter(({role}) => role !== 'host');
  const host = observations.find(({role}) => role === 'host');
  const dependent = dependentCalls(contained);
  const places = new Set(contained.filter(({role}) => role === 'ours').flatMap(placesOf));
  return new Map(
    contained.map((one) => [
      one.name,
      new Map([
        ...list('system call', allowedCalls(one, dependent)),
        ...list('capability', capabilities(one)),
        ...list('privileges', statusOf(one, 'NoNewPrivs')[0] === '1' ? [] : ['gained by set-id']),
        ...list('read', stable(pathsOf(one, 'r', 'rw'))),
        ...list('write', stable(pathsOf(one, 'w', 'rw'))),
        ...list('cgroup', cgroups(one)),
        ...list('device', devices(one)),
        ...list('mount', mountFlags(one, places)),
        ...list('attempt', possible(one)),
        ...list(
          'label',
          /^(none|unconfined)/.test(toldOf(one, 'label')[0]?.[0] ?? 'none') ? ['none'] : [],
        ),
        ...list(
          'interface',
          toldOf(one, 'interface').map(([name = '']) => name),
        ),
        ...list(
          'environment',
          toldOf(one, 'environment').map(([text = '']) => text.split('=')[0] ?? ''),
        ),
        ...list(
          'descriptor',
          toldOf(one, 'descriptor').flatMap(([number = '', target = '']) =>
            Number(number) > 2 ? [target] : [],
          ),
        ),
        ...(host ? shared(one, host) : []),
        ...list('ids', ids(one)),
        ...limits(one),
      ]),
    ]),
  );
}

function list(subject: (typeof subjects)[number], things: Iterable<string>): [string, number][] {
  return [...things].map((thing) => [`${subject}: ${thing}`, 1]);
}

const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];

function capabilities(observation: Observation): string[] {
  return sets.flatMap((set) => {
    const bits = BigInt(`0x${statusOf(observation, set)[0] ?? '0'}`);
    return capabilityNames
      .filter((_, number) => (bits >> BigInt(number)) & 1n)
      .map((name) => `${set} ${name}`);
  });
}

/** Without what differs from one moment to the next: names that the kernel counts. */
export function stable(paths: readonly string[]): Set<string> {
  return new Set(
    paths
      .filter((path) => !path.startsWith('/sys/fs/cgroup/'))
      .map((path) =>
        path
          .replace(/^(\/sys\/devices\/virtual\/bdi\/)[^/]+/, '$1*')
          .replace(/^(\/sys\/kernel\/slab\/)[^/]+/, '$1*'),
      ),
  );
}

/** Files of its own cgroup are `/sys/fs/cgroup/FILE` on v2, one folder more on v1; others lie deeper. */
function cgroups(observation: Observation): string[] {
  const below = (path: string) => path.split('/').length - '/sys/fs/cgroup/x'.split('/').length;
  const files = pathsOf(observation, 'r', 'w', 'rw').filter((path) =>
    path.startsWith('/sys/fs/cgroup/'),
  );
  const isV2 = files.includes('/sys/fs/cgroup/cgroup.procs');
  const written = pathsOf(observation, 'w', 'rw').some((path) => files.includes(path));
  return [
    ...(files.some((path) => below(path) > (isV2 ? 0 : 1)) ? ["others' are read"] : []),
    ...(written ? ['written'] : []),
  ];
}

function devices(observation: Observation): string[] {
  const opens = (word = '') => word === 'opened' || word === 'no driver';
  return [
    ...filteredDevices(observation),
    ...toldOf(observation, 'device').flatMap(([path, number, word]) =>
      opens(word) ? [`${path} (${number}) is opened`] : [],
    ),
    ...toldOf(observation, 'mknod').flatMap(([number, word]) =>
      word === 'made' ? [`${number} is made`] : [],
    ),
    ...['opened when made', 'opened when planted'].flatMap((kind) =>
      toldOf(observation, kind).flatMap(([number, word]) =>
        opens(word) ? [`${number} is ${kind}`] : [],
      ),
    ),
  ];
}

/** Rules of the cgroup's filter that open: v1 tells them; on v2 they are a program. */
function filteredDevices({cgroup}: Observation): string[] {
  const rules = cgroup['devices.list']?.split('\n') ?? ['every device rwm'];
  return rules
    .filter((rule) => /[rw]/.test(rule.split(' ').at(-1) ?? ''))
    .map((rule) => `its cgroup opens ${rule.replace(/ \w+$/, '')}`);
}

function mountFlags(observation: Observation, places: ReadonlySet<string>): string[] {
  const mounts = mountsOf(observation);
  const flags = [...places].flatMap((place) => {
    const {options = []} = mountAt(mounts, place) ?? {};
    const loose = ['suid', 'dev', 'exec'].filter((flag) => !options.includes(`no${flag}`));
    return [...loose, ...(options.includes('rw') ? ['rw'] : [])].map((flag) => `${place} ${flag}`);
  });
  const receives = mounts.some(({propagation}) =>
    propagation.some((it) => it.startsWith('master')),
  );
  return receives ? [...flags, "the host's later mounts arrive"] : flags;
}

function possible(observation: Observation): string[] {
  return toldOf(observation, 'attempt').flatMap(([name = '', result]) =>
    result === 'possible' ? [name] : [],
  );
}

function shared(observation: Observation, host: Observation): [string, number][] {
  const same = (kind: string) => {
    const hosts = toldOf(host, kind).map((words) => words.join(' '));
    return toldOf(observation, kind).filter((words) => hosts.includes(words.join(' ')));
  };
  return [
    ...list(
      'namespace',
      same('namespace').map(([name = '']) => name),
    ),
    ...list('keyring', same('session keyring').length > 0 ? ["the caller's session keyring"] : []),
  ];
}

function ids(observation: Observation): string[] {
  const isRoot = toldOf(observation, 'uid_map').some(([line = '']) => /^ *0 +0 /.test(line));
  return [
    ...(isRoot ? ["root is the host's root"] : []),
    ...statusOf(observation, 'Groups')
      .filter((group) => group !== statusOf(observation, 'Gid')[0])
      .map((group) => `group ${group}`),
  ];
}

/** Hard limits, and those of its cgroup: how much is allowed. */
function limits(observation: Observation): [string, number][] {
  const number = (word = '') => (/^\d+$/.test(word) ? Number(word) : Number.POSITIVE_INFINITY);
  const hard = toldOf(observation, 'limits').flatMap(([line = '']): [string, number][] => {
    const [, name = '', value = ''] = /^Max (.+?) {2,}\S+ +(\S+)/.exec(line) ?? [];
    return name === '' ? [] : [[`limit: ${name}`, number(value)]];
  });
  const score = Number(toldOf(observation, 'oom_score_adj')[0]?.[0] ?? 0);
  return [
    ...hard,
    ['limit: processes of the cgroup', number(observation.cgroup['pids.max'])],
    ['limit: spared when memory is short', -score],
  ];
}
