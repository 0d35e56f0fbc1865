import {MinicontainerError} from '@minicontainer/errors';
import {buildSpec, type Linux, type Mount, type Process, type Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {refuseUnsupported} from './refuse.ts';

const ids = [{containerID: 0, hostID: 100000, size: 65536}];
const base = buildSpec({
  args: ['sh'],
  rootPath: '/',
  userNamespace: {uidMappings: ids, gidMappings: ids},
});
const {process, linux} = {process: base.process ?? {args: [], cwd: '/'}, linux: base.linux ?? {}};

const withLinux = (changes: Partial<Linux>): Spec => ({...base, linux: {...linux, ...changes}});
const withMount = (changes: Partial<Mount>): Spec => ({
  ...base,
  mounts: [{destination: '/mnt', type: 'tmpfs', ...changes}],
});
const without = (...types: string[]): Spec =>
  withLinux({namespaces: linux.namespaces?.filter(({type}) => !types.includes(type)) ?? []});

function refusal(spec: Spec): string | undefined {
  try {
    refuseUnsupported(spec);
  } catch (error) {
    if (!(error instanceof MinicontainerError)) throw error;
    expect(error.code).toBe('EUNSUPPORTED');
    return error.message;
  }
  return undefined;
}

describe('what no operation gives is refused by its place', () => {
  test.each<[string, Spec]>([
    ['/linux/cgroupsPath', withLinux({cgroupsPath: '/x'})],
    ['/linux/resources', withLinux({resources: {memory: {limit: 1}}})],
    ['/linux/resources', withLinux({resources: {devices: [{allow: true, access: 'r'}]}})],
    ['/mounts/options (idmap=)', withMount({options: ['ridmap=uids=0-1-10']})],
  ])('%s', (place, spec) => {
    expect(refusal(spec)).toBe(`config.json: ${place} is not supported yet`);
  });
});

describe('what would not be a container of its own is refused', () => {
  test('no mount namespace, where every mount would be the host’s', () => {
    expect(refusal(without('mount'))).toContain('/linux/namespaces has no "mount"');
    expect(refusal(without('pid', 'ipc', 'network', 'cgroup', 'uts'))).toBeUndefined();
  });

  test.each(['hostname', 'domainname'])('a %s that would be the host’s', (field) => {
    expect(refusal({...without('uts'), [field]: 'x'})).toContain(`/${field}`);
    expect(refusal(without('uts'))).toBeUndefined();
  });

  test('ids that no user namespace maps, and a user namespace that maps none', () => {
    expect(refusal(without('user'))).toContain('/linux/uidMappings');
    expect(refusal(withLinux({uidMappings: [], gidMappings: ids}))).toContain('/linux/uidMappings');
    expect(refusal(withLinux({uidMappings: ids, gidMappings: []}))).toContain('/linux/gidMappings');
  });

  test('clocks of no time namespace, or of one that has begun already', () => {
    const timeOffsets = {monotonic: {secs: 1}};
    expect(refusal(withLinux({timeOffsets}))).toContain('/linux/timeOffsets');
    const namespaces = [...(linux.namespaces ?? []), {type: 'time'} as const];
    expect(refusal(withLinux({timeOffsets, namespaces}))).toBeUndefined();
  });

  test('nothing to run', () => {
    const {process: _, ...rest} = base;
    expect(refusal(rest)).toContain('/process is missing');
  });
});

describe('what changes nothing is not refused', () => {
  test.each<[string, Spec]>([
    ['the defaults', base],
    ['empty fields', {...withLinux({sysctl: {}, devices: [], resources: {}}), hooks: {}}],
    ['empty lists in limits', withLinux({resources: {hugepageLimits: [], devices: []}})],
    ['no devices, where none can be made', withLinux({resources: {devices: [{allow: false}]}})],
    ['annotations', {...base, annotations: {a: 'b'}}],
  ])('%s', (_, spec) => {
    expect(refusal(spec)).toBeUndefined();
  });

  test('but no devices are, where the host’s root could make some', () => {
    const {uidMappings: _, gidMappings: __, ...hostIds} = linux;
    const denied = {resources: {devices: [{allow: false}]}};
    const namespaces = without('user').linux?.namespaces ?? [];
    const bounding = (names: string[]): Process => ({...process, capabilities: {bounding: names}});
    const spec = (names: string[]): Spec => ({
      ...base,
      process: bounding(names),
      linux: {...hostIds, ...denied, namespaces},
    });
    expect(refusal(spec(['CAP_MKNOD']))).toContain('/linux/resources');
    expect(refusal(spec([]))).toBeUndefined();
  });
});
