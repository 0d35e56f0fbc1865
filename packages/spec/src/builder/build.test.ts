import {describe, expect, it} from 'vitest';
import {capabilityNames, defaultCapabilities} from '../capabilities/table.ts';
import {buildSpec} from './build.ts';
import {defaultMaskedPaths, defaultReadonlyPaths} from './paths.ts';

const least = {args: ['sh'], rootPath: '/srv/rootfs'};
const mapped = {
  uidMappings: [{containerID: 0, hostID: 100000, size: 65536}],
  gidMappings: [{containerID: 0, hostID: 100000, size: 65536}],
};

describe('buildSpec', () => {
  it('closes what a request leaves open', () => {
    expect(buildSpec(least)).toEqual({
      ociVersion: '1.2.0',
      root: {path: '/srv/rootfs', readonly: false},
      process: {
        terminal: false,
        user: {uid: 0, gid: 0},
        args: ['sh'],
        env: [
          'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          'container=minicontainer',
        ],
        cwd: '/',
        capabilities: {
          bounding: defaultCapabilities,
          effective: defaultCapabilities,
          permitted: defaultCapabilities,
          inheritable: [],
          ambient: [],
        },
        noNewPrivileges: false,
      },
      mounts: expect.any(Array),
      linux: {
        namespaces: ['pid', 'mount', 'uts', 'ipc', 'cgroup', 'network'].map((type) => ({type})),
        maskedPaths: defaultMaskedPaths,
        readonlyPaths: defaultReadonlyPaths,
      },
    });
  });

  it('keeps inheritable capabilities empty whatever is added (CVE-2022-24769)', () => {
    for (const privileged of [false, true]) {
      const spec = buildSpec({...least, privileged, capAdd: ['ALL'], user: {uid: 1000, gid: 1000}});
      expect(spec.process?.capabilities).toMatchObject({inheritable: [], ambient: []});
      expect(spec.process?.capabilities?.bounding).toEqual(capabilityNames);
    }
  });

  it('opens what privileged opens, and still drops what is to be dropped', () => {
    const spec = buildSpec({...least, privileged: true, capDrop: ['SYS_MODULE']});
    expect(spec.linux).toMatchObject({maskedPaths: [], readonlyPaths: []});
    expect(spec.linux?.uidMappings).toBeUndefined();
    expect(spec.process?.capabilities?.effective).toEqual(
      capabilityNames.filter((name) => name !== 'CAP_SYS_MODULE'),
    );
    for (const mount of spec.mounts ?? []) expect(mount.options).not.toContain('ro');
  });

  it('has a user namespace where ids are mapped', () => {
    const {linux} = buildSpec({...least, userNamespace: mapped});
    expect(linux?.namespaces).toContainEqual({type: 'user'});
    expect(linux).toMatchObject(mapped);
  });

  it('limits what it is asked to limit, and shows the host’s cgroups when asked to', () => {
    const asked = {
      resources: {memory: {limit: 1 << 26}},
      rlimits: [{type: 'RLIMIT_CORE', soft: 0, hard: 2 ** 64}] as const,
      oomScoreAdj: 500,
      shmSizeBytes: 1 << 20,
      cgroupNamespace: 'host',
    } as const;
    const {process, linux, mounts} = buildSpec({...least, ...asked});
    expect(process).toMatchObject({rlimits: asked.rlimits, oomScoreAdj: 500});
    expect(linux?.resources).toEqual(asked.resources);
    expect(linux?.namespaces).not.toContainEqual({type: 'cgroup'});
    const shm = mounts?.find(({destination}) => destination === '/dev/shm');
    expect(shm?.options).toContain('size=1048576');
    // What is built is frozen; what it is built from is not.
    expect(Object.isFrozen(asked.resources.memory)).toBe(false);
  });

  it('shares the network of the host when asked to', () => {
    const {linux} = buildSpec({...least, network: 'host'});
    expect(linux?.namespaces).not.toContainEqual({type: 'network'});
  });

  it('takes the rest as it is asked for', () => {
    const spec = buildSpec({
      ...least,
      cwd: '/tmp',
      user: {uid: 1, gid: 2, additionalGids: [3]},
      hostname: 'here',
      terminal: true,
      readOnlyRoot: true,
      noNewPrivileges: true,
      maskedPaths: ['/sys/devices/system/cpu/cpu0/thermal_throttle'],
    });
    expect(spec).toMatchObject({
      hostname: 'here',
      root: {readonly: true},
      process: {
        cwd: '/tmp',
        user: {uid: 1, gid: 2, additionalGids: [3]},
        terminal: true,
        noNewPrivileges: true,
      },
    });
    expect(spec.linux?.maskedPaths).toContain('/sys/devices/system/cpu/cpu0/thermal_throttle');
  });

  it('is frozen to its leaves, and freezes nothing of the request', () => {
    const mount = {destination: '/data', options: ['ro']};
    const request = {...least, mounts: [mount], user: {uid: 0, gid: 0}, userNamespace: mapped};
    const spec = buildSpec(request);
    for (const part of [spec, spec.process?.args, spec.linux?.uidMappings, spec.mounts?.at(-1)]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    for (const part of [request, request.args, mount, mount.options, request.user, mapped]) {
      expect(Object.isFrozen(part)).toBe(false);
    }
    expect(Object.isFrozen(mapped.uidMappings[0])).toBe(false);
  });
});
