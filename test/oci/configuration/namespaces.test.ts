import {readlinkSync} from 'node:fs';
import type {Spec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withLinux} from './bundle.ts';

type Namespaces = NonNullable<NonNullable<Spec['linux']>['namespaces']>;

const kinds = {cgroup: 'cgroup', ipc: 'ipc', network: 'net', pid: 'pid', uts: 'uts'} as const;

/** The namespaces that a container's shell told, by the names that /proc has for them. */
const tell = `for n in ${Object.values(kinds).join(' ')}; do readlink /proc/self/ns/$n; done`;

function own(kind: string, pid: number | 'self' = 'self'): string {
  return readlinkSync(`/proc/${pid}/ns/${kind}`);
}

const withNamespaces = (namespaces: Namespaces) => withLinux({namespaces});

describeRoot('namespaces', () => {
  test('a container has new namespaces of the kinds that are asked for', () => {
    const types = Object.keys(kinds) as (keyof typeof kinds)[];
    using bundle = new Bundle(
      tell,
      withNamespaces([...types.map((type) => ({type})), {type: 'mount'}]),
    );
    const found = bundle.output().trim().split('\n');
    expect(found).toHaveLength(types.length);
    expect(found.filter((name) => name === own(name.split(':')[0] ?? ''))).toEqual([]);
  });

  test('it shares those of the caller that are not asked for', () => {
    using bundle = new Bundle(tell, withNamespaces([{type: 'mount'}]));
    expect(bundle.output().trim().split('\n')).toEqual(
      Object.values(kinds).map((kind) => own(kind)),
    );
  });
});

describeRoot('a container that joins another one', () => {
  test('has the namespaces that are named by their paths', () => {
    using first = new Bundle('sleep 100');
    expect(first.create().status).toBe(0);
    const {pid} = JSON.parse(first.runtime('state', first.id).stdout);
    const joined = ['ipc', 'network', 'pid', 'uts'] as const;
    using second = new Bundle(
      tell,
      withNamespaces([
        {type: 'mount'},
        {type: 'cgroup'},
        ...joined.map((type) => ({type, path: `/proc/${pid}/ns/${kinds[type]}`})),
      ]),
    );
    expect(second.output().trim().split('\n').slice(1)).toEqual(
      joined.map((type) => own(kinds[type], pid)),
    );
  });

  test('is refused where a path is of another kind, and where it leads nowhere', () => {
    for (const path of ['/proc/self/ns/uts', '/proc/self/ns/nothing']) {
      using bundle = new Bundle('true', withNamespaces([{type: 'mount'}, {type: 'network', path}]));
      const {status, stderr} = bundle.create();
      expect([status, stderr]).toEqual([1, expect.stringContaining(path)]);
    }
  });
});

describeRoot('names', () => {
  test.each(['hostname', 'domainname'])('a %s is set inside, and refused for the host', (field) => {
    const named = (spec: Spec): Spec => ({...spec, [field]: 'inside'});
    const script =
      field === 'hostname' ? 'cat /proc/sys/kernel/hostname' : 'cat /proc/sys/kernel/domainname';
    using bundle = new Bundle(script, named);
    expect(bundle.output()).toBe('inside\n');
    using shared = new Bundle(script, (spec) => named(withNamespaces([{type: 'mount'}])(spec)));
    expect(shared.run().status).toBe(1);
  });
});

describeRoot('a sysctl', () => {
  test('of the namespaces of the container is set there', () => {
    const sysctl = {'net.ipv4.ip_forward': '1', 'kernel.msgmax': '4096'};
    using bundle = new Bundle(
      'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax',
      withLinux({sysctl}),
    );
    expect(bundle.output()).toBe('1\n4096\n');
  });

  test('of the host is refused, by name', () => {
    using bundle = new Bundle('true', withLinux({sysctl: {'kernel.pid_max': '1000'}}));
    const {status, stderr} = bundle.run();
    expect([status, stderr]).toEqual([1, expect.stringContaining('kernel.pid_max')]);
  });
});
