import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Mount} from '../config/mounts.ts';
import {buildMounts} from './mounts.ts';
import type {ContainerRequest} from './request.ts';

const least = {args: ['sh'], rootPath: 'rootfs'};
const defaults = ['/proc', '/dev', '/dev/pts', '/dev/shm', '/dev/mqueue', '/sys', '/sys/fs/cgroup'];
const mappings = [{containerID: 0, hostID: 1000, size: 1}];

describe('buildMounts', () => {
  it('begins with what every Linux program expects', () => {
    expect(placesOf({})).toEqual(defaults);
  });

  it('protects sysfs and cgroups from writing, and every file system from set-id programs', () => {
    for (const mount of buildMounts(least)) expect(mount.options).toContain('nosuid');
    expect(optionsOf('/sys', {})).toContain('ro');
    expect(optionsOf('/sys/fs/cgroup', {})).toContain('ro');
    expect(optionsOf('/sys', {privileged: true})).toContain('rw');
    expect(optionsOf('/sys/fs/cgroup', {privileged: true})).toContain('rw');
  });

  it('binds sysfs, all of it read-only, where the network is the host’s', () => {
    expect(mountOn('/sys', {network: 'host'})).toEqual({
      destination: '/sys',
      type: 'none',
      source: '/sys',
      options: ['rbind', 'nosuid', 'noexec', 'nodev', 'rro'],
    });
    expect(optionsOf('/sys', {network: 'host', privileged: true})).toContain('rw');
  });

  it.each([
    ['there is no user namespace', undefined, true],
    ['group 5 is mapped', [{containerID: 0, hostID: 100000, size: 65536}], true],
    ['group 5 is the last one mapped', [{containerID: 5, hostID: 5, size: 1}], true],
    ['groups end before 5', [{containerID: 0, hostID: 1000, size: 5}], false],
    ['groups begin after 5', [{containerID: 6, hostID: 1000, size: 10}], false],
  ])('gives terminals to group 5 only if it is there: %s', (_, gidMappings, given) => {
    const userNamespace = gidMappings && {uidMappings: mappings, gidMappings};
    expect(optionsOf('/dev/pts', {userNamespace})?.includes('gid=5')).toBe(given);
  });

  it('appends what is asked for, with its destination as the kernel will see it', () => {
    const mounts = [{destination: '/data/'}, {destination: 'var//run/../log'}];
    expect(placesOf({mounts})).toEqual([...defaults, '/data', '/var/log']);
  });

  it('puts what is asked for in the place of a default', () => {
    const mounts = [{destination: '/dev/./shm/', type: 'tmpfs', options: ['size=1g']}];
    expect(placesOf({mounts})).toEqual(defaults);
    expect(optionsOf('/dev/shm', {mounts})).toEqual(['size=1g']);
  });

  it('moves a parent before its children, and nothing else', () => {
    const destinations = ['/z', '/a/b/c', '/a/x', '/y', '/a', '/a/b', '/ab'];
    expect(placesOf({mounts: destinations.map((destination) => ({destination}))})).toEqual([
      ...defaults,
      ...['/z', '/a', '/a/b', '/a/b/c', '/a/x', '/y', '/ab'],
    ]);
    expect(placesOf({mounts: [{destination: '/sys/fs'}]}).slice(-3)).toEqual([
      '/sys',
      '/sys/fs',
      '/sys/fs/cgroup',
    ]);
  });

  it('never hides a mount behind a later one, and loses none', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'dev', 'pts'), {minLength: 1, maxLength: 4});
    const paths = fc.uniqueArray(path.map((parts) => `/${parts.join('/')}`));
    fc.assert(
      fc.property(paths, (destinations) => {
        const places = placesOf({mounts: destinations.map((destination) => ({destination}))});
        expect(places.toSorted()).toEqual([...new Set([...defaults, ...destinations])].sort());
        for (const [index, place] of places.entries()) {
          const later = places.slice(index + 1);
          expect(later.filter((other) => place.startsWith(`${other}/`))).toEqual([]);
        }
      }),
    );
  });

  it.each([
    [['/data', '/data/'], 'two mounts have the destination "/data"'],
    [['/'], 'a mount cannot have the destination /'],
    [['..'], 'a mount cannot have the destination /'],
  ])('refuses %j', (destinations, message) => {
    const mounts = destinations.map((destination) => ({destination}));
    expect(() => buildMounts({...least, mounts})).toThrow(
      expect.objectContaining({code: 'EMOUNT', message}),
    );
  });
});

function placesOf(request: Partial<ContainerRequest>): string[] {
  return buildMounts({...least, ...request}).map(({destination}) => destination);
}

function mountOn(place: string, request: Partial<ContainerRequest>): Mount | undefined {
  return buildMounts({...least, ...request}).find(({destination}) => destination === place);
}

function optionsOf(place: string, request: Partial<ContainerRequest>): Mount['options'] {
  return mountOn(place, request)?.options;
}
