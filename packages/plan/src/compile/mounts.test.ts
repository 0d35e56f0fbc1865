import type {Mount, Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {compileDevices} from './devices.ts';
import type {CgroupLayout, HostFacts} from './host.ts';
import {compileClosing, compileMounts} from './mounts.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0n,
  cgroup: {version: 2},
  sources: {'/data': 'directory', '/data/file': 'file'},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};

/** One mount's operations, in short. */
function compiled(mount: Mount, namespaces: readonly string[] = ['user'], facts = host): string[] {
  return compileMounts(specOf([mount], namespaces), facts).map(
    (some) => `${some.stage}: ${describeOperation(some)}`,
  );
}

function specOf(mounts: readonly Mount[], namespaces: readonly string[]): Spec {
  const known = ['user', 'cgroup', 'network'] as const;
  return {
    ociVersion: '1.2.0',
    root: {path: '/'},
    mounts,
    linux: {
      namespaces: [
        ...(namespaces.includes('host pid') ? [] : [{type: 'pid'} as const]),
        ...known.filter((type) => namespaces.includes(type)).map((type) => ({type})),
      ],
    },
  };
}

describe('a mount of /proc', () => {
  const proc = {destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid']};

  test('is a bind of the host’s, where a user namespace shares its processes', () => {
    expect(compiled(proc, ['user', 'host pid'])).toEqual([
      'prepare: openTree path=/proc recursive=true to=/proc',
      'prepare: mountAttributes mount=/proc propagation=MS_SLAVE recursive=true',
      'build: mountAttributes mount=/proc set=nosuid',
      'build: attachMount mount=/proc root=root target=proc create=true',
    ]);
    expect(compiled(proc, ['host pid'])[0]).toMatch(/^build: createMount type=proc/);
  });

  test('that is a bind takes no options that would hide something', () => {
    const hiding = {...proc, options: ['hidepid=2']};
    expect(() => compiled(hiding, ['user', 'host pid'])).toThrow('hidepid=2');
  });
});

describe('a mount of a file system', () => {
  test('is made detached with its flags, then attached inside the root', () => {
    expect(
      compiled({
        destination: '/proc',
        type: 'proc',
        source: 'proc',
        options: ['nosuid', 'noexec', 'hidepid=2'],
      }),
    ).toEqual([
      'build: createMount type=proc source=proc options=[hidepid=2] attributes=nosuid|noexec to=/proc',
      'build: attachMount mount=/proc root=root target=proc create=true',
    ]);
  });

  test.each(['/proc', '/sys', '/dev', '/dev/pts', '/dev/shm', '/dev/mqueue'])(
    'never follows a link at %s, however it is spelled',
    (place) => {
      for (const destination of [place, `${place}/`, `/${place}`, `${place}/.`, `/x/..${place}`]) {
        const target = place.slice(1);
        expect(compiled({destination, type: 'tmpfs', source: 'tmpfs'}).at(-1)).toBe(
          `build: attachMount mount=${place} root=root target=${target} create=true`,
        );
      }
    },
  );

  test('follows links of the image elsewhere, as /var/run is one', () => {
    expect(compiled({destination: '/var/run', type: 'tmpfs'}).at(-1)).toContain('follow=true');
  });

  test('falls back to the host’s /sys, read-only and whole, where a new one is refused', () => {
    const [create, clone, seal, attach] = compileMounts(
      specOf([{destination: '/sys', type: 'sysfs', options: ['nosuid']}], ['user']),
      host,
    );
    expect(create).toMatchObject({op: 'createMount', optional: ['EPERM'], else: 2});
    expect(clone).toMatchObject({op: 'openTree', args: {path: '/sys', recursive: true}});
    expect(seal).toMatchObject({op: 'mountAttributes', args: {set: 1n, recursive: true}});
    expect(attach).toMatchObject({op: 'attachMount', args: {target: 'sys'}});
  });
});

test.each(['/', '//', '/x/..'])(
  'nothing is mounted at %s, where nobody would see it',
  (destination) => {
    expect(() => compiled({destination, type: 'tmpfs'})).toThrow(/nothing can be mounted at \//);
  },
);

test('a tmpfs that is to be read-only is so once everything has been made in it', () => {
  const tmpfs = {destination: '/data/', type: 'tmpfs', options: ['ro']};
  expect(compiled(tmpfs)[0]).toBe('build: createMount type=tmpfs source=tmpfs to=/data');
  const closing = compileClosing(specOf([tmpfs, {...tmpfs, options: ['rw']}], []));
  expect(closing.map(describeOperation)).toEqual(['mountAttributes mount=/data set=ro']);
});

describe('a bind', () => {
  const bind = (options: string[]) => ({
    destination: '/mnt/data',
    type: 'bind',
    source: '/data',
    options,
  });

  test('is cloned by the supervisor, where container root may not reach the source', () => {
    expect(compiled(bind(['rbind', 'rprivate']))).toEqual([
      'prepare: openTree path=/data recursive=true to=/mnt/data',
      'prepare: mountAttributes mount=/mnt/data propagation=MS_SLAVE recursive=true',
      'build: attachMount mount=/mnt/data root=root target=mnt/data create=true follow=true',
      'build: mountAttributes mount=/mnt/data propagation=MS_PRIVATE recursive=true',
    ]);
  });

  test.each<[string, readonly string[], HostFacts]>([
    ['the ids of the host', [], host],
    ['a plain user', ['user'], {...host, uid: 1000}],
  ])('is cloned by the container with %s', (_, namespaces, facts) => {
    expect(compiled(bind(['bind']), namespaces, facts)[0]).toMatch(/^build: openTree/);
  });

  test('takes its flags while nobody can reach it', () => {
    const made = compiled(bind(['bind', 'ro', 'nosuid', 'rslave']));
    expect(made.map((line) => line.split(' ')[1])).toEqual([
      'openTree',
      'mountAttributes',
      'mountAttributes',
      'attachMount',
      'mountAttributes',
    ]);
    expect(made[2]).toBe('build: mountAttributes mount=/mnt/data set=ro|nosuid');
  });

  test('is read-only all the way down where asked for', () => {
    expect(compiled(bind(['rbind', 'rro']))[2]).toContain('set=ro recursive=true');
  });

  test('of a file is mounted on a file', () => {
    const file = {destination: '/f', type: 'bind', source: '/data/file', options: ['bind']};
    expect(compiled(file)[2]).toContain('file=true');
    expect(compiled(bind(['bind']))[2]).not.toContain('file=true');
  });

  test('is one by its options alone, whatever its type says', () => {
    const none = {destination: '/x', type: 'none', source: '/data', options: ['rbind']};
    expect(compiled(none)[0]).toContain('openTree path=/data');
  });
});

describe('the cgroup mount', () => {
  const mount: Mount = {
    destination: '/sys/fs/cgroup',
    type: 'cgroup',
    source: 'cgroup',
    options: ['ro', 'nosuid'],
  };
  const on = (cgroup: CgroupLayout, namespaces = ['user', 'cgroup']) =>
    compiled(mount, namespaces, {...host, cgroup});
  const hybrid: CgroupLayout = {
    version: 1,
    hierarchies: [
      {options: 'cpu,cpuacct', directory: 'cpu,cpuacct'},
      {options: 'name=systemd', directory: 'systemd'},
      {options: '', directory: 'unified'},
    ],
  };

  test('is a cgroup2 file system on v2', () => {
    expect(on({version: 2})).toEqual([
      'build: createMount type=cgroup2 source=cgroup attributes=ro|nosuid to=/sys/fs/cgroup',
      'build: attachMount mount=/sys/fs/cgroup root=root target=sys/fs/cgroup create=true follow=true',
    ]);
  });

  test('is one for each hierarchy on v1, sealed after the last', () => {
    const made = on(hybrid);
    expect(made.filter((line) => line.includes('createMount'))).toEqual([
      'build: createMount type=tmpfs source=cgroup options=[mode=755] attributes=nosuid to=/sys/fs/cgroup',
      'build: createMount type=cgroup source=cgroup options=[cpu cpuacct] attributes=ro|nosuid to=/sys/fs/cgroup/cpu,cpuacct',
      'build: createMount type=cgroup source=cgroup options=[name=systemd] attributes=ro|nosuid to=/sys/fs/cgroup/systemd',
      'build: createMount type=cgroup2 source=cgroup attributes=ro|nosuid to=/sys/fs/cgroup/unified',
    ]);
    expect(made.at(-1)).toBe('build: mountAttributes mount=/sys/fs/cgroup set=ro');
  });

  test('is nothing on a host that has none', () => {
    expect(on({version: 0})).toEqual([]);
  });

  test.each<[string, CgroupLayout]>([
    ['v1', hybrid],
    ['v2', {version: 2}],
  ])('is the host’s tree, never to be written, without a cgroup namespace on %s', (_, layout) => {
    const writable = {...mount, options: ['rw']};
    expect(compiled(writable, ['user'], {...host, cgroup: layout}).slice(0, 2)).toEqual([
      'build: openTree path=/sys/fs/cgroup recursive=true to=/sys/fs/cgroup',
      'build: mountAttributes mount=/sys/fs/cgroup set=ro recursive=true',
    ]);
  });

  test('is its own part of each hierarchy of v1 without a cgroup namespace', () => {
    const spec = specOf([mount], ['user']);
    const made = compileMounts(
      spec,
      {...host, cgroup: hybrid},
      ({directory}) => `/sys/fs/cgroup/${directory}/own`,
    ).map(describeOperation);
    expect(made.filter((line) => line.startsWith('openTree'))).toEqual(
      ['cpu,cpuacct', 'systemd', 'unified'].map(
        (name) => `openTree path=/sys/fs/cgroup/${name}/own to=/sys/fs/cgroup/${name}`,
      ),
    );
    expect(made).toContain('mountAttributes mount=/sys/fs/cgroup/systemd set=ro|nosuid');
    expect(made.at(-1)).toBe('mountAttributes mount=/sys/fs/cgroup set=ro');
  });

  test('has a controller by its own name too, where hierarchies have more than one', () => {
    expect(on(hybrid).filter((line) => line.includes('makeSymlink'))).toEqual([
      'build: makeSymlink root=root path=sys/fs/cgroup/cpu target=cpu,cpuacct',
      'build: makeSymlink root=root path=sys/fs/cgroup/cpuacct target=cpu,cpuacct',
    ]);
  });

  test('takes the place of no other mount, wherever it is', () => {
    const made = compiled({...mount, destination: '/root'}, ['cgroup']);
    expect(made.join('\n')).not.toContain('to=root');
  });
});

describe('the default devices', () => {
  const dev = (destination: string, type: string) =>
    compileDevices(specOf([{destination, type, source: type}], []), host).map(describeOperation);

  test('are the host’s, checked by number and bound', () => {
    const made = dev('/dev', 'tmpfs');
    expect(made.slice(0, 2)).toEqual([
      'openTree path=/dev/null device=1:3 to=/dev/null',
      'attachMount mount=/dev/null root=root target=dev/null file=true create=true',
    ]);
    expect(
      made.filter((line) => line.startsWith('openTree')).map((line) => line.split(' ')[2]),
    ).toEqual(['1:3', '1:5', '1:7', '1:8', '1:9', '5:0'].map((device) => `device=${device}`));
    expect(made.filter((line) => line.startsWith('makeSymlink'))).toHaveLength(5);
  });

  test('are there however /dev is spelled, and left out where it is not made anew', () => {
    expect(dev('/dev/', 'tmpfs')).toEqual(dev('/dev', 'tmpfs'));
    expect(dev('/dev', 'bind')).toEqual([]);
    expect(dev('/other', 'tmpfs')).toEqual([]);
  });
});
