import type {Mount, NamespaceType, Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import type {HostFacts} from './host.ts';
import {compileMounts} from './mounts.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0n,
  cgroup: {version: 2},
  sources: {'/data': 'directory'},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const ids = [{containerID: 0, hostID: 1000, size: 1}];
const bind: Mount = {destination: '/v', type: 'bind', source: '/data', options: ['rbind', 'idmap']};

function compiled(
  mount: Mount,
  facts = host,
  namespaces: readonly NamespaceType[] = ['user'],
): string[] {
  const spec: Spec = {
    ociVersion: '1.2.0',
    root: {path: '/'},
    mounts: [mount],
    linux: {namespaces: namespaces.map((type) => ({type}))},
  };
  return compileMounts(spec, facts).map((some) => `${some.stage}: ${describeOperation(some)}`);
}

describe('an idmapped bind', () => {
  test('is cloned and shifted by the supervisor, into the container’s user namespace', () => {
    expect(compiled(bind)).toEqual([
      'prepare: openTree path=/data recursive=true to=/v',
      'prepare: mountAttributes mount=/v propagation=MS_SLAVE recursive=true',
      'attach: idmapMount mount=/v',
      'build: attachMount mount=/v root=root target=v create=true follow=true',
    ]);
  });

  test('with ridmap is shifted with all below it', () => {
    expect(compiled({...bind, options: ['rbind', 'ridmap']})[2]).toBe(
      'attach: idmapMount mount=/v recursive=true',
    );
  });

  test.each([['idmap'], []])(
    'with mappings of its own has a user namespace of its own: %s',
    (...words) => {
      const mount = {...bind, options: ['bind', ...words], uidMappings: ids, gidMappings: ids};
      for (const namespaces of [['user'], []] as const) {
        expect(compiled(mount, host, namespaces as ['user'])).toEqual([
          'prepare: openTree path=/data to=/v',
          'prepare: mountAttributes mount=/v propagation=MS_SLAVE',
          expect.stringMatching(/^attach: makeUserNamespace uidMap="?0 1000 1.*to="?idmap \/v"?$/s),
          expect.stringMatching(/^attach: idmapMount mount=\/v namespace="?idmap \/v"?$/),
          expect.stringMatching(/^build: attachMount/),
        ]);
      }
    },
  );

  test('is for root alone, and a plain user is told what to do', () => {
    expect(() => compiled(bind, {...host, uid: 1000})).toThrow(
      expect.objectContaining({code: 'EIDMAP', hint: expect.stringContaining('leave idmap out')}),
    );
  });

  test('is refused where there is nothing to shift into', () => {
    expect(() => compiled(bind, host, [])).toThrow(
      expect.objectContaining({code: 'EIDMAP', message: expect.stringMatching(/nothing to shift/)}),
    );
  });
});

test.each(['tmpfs', 'cgroup', 'proc'])('a %s is none, and refused by name', (type) => {
  const mount = {destination: '/v', type, options: ['idmap']};
  expect(() => compiled(mount)).toThrow(expect.objectContaining({code: 'EUNSUPPORTED'}));
});
