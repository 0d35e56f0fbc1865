import type {Operation} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import type {Builder} from './contribution.ts';
import {type HostEntry, hostView} from './host-view.ts';

const base = {diskDirectory: '/state/rw', readOnly: false};
const builders = {
  'root with a user namespace': {...base, hostRoot: true, userNamespace: true},
  'root with the ids of the host': {...base, hostRoot: true, userNamespace: false},
  'a plain user': {...base, hostRoot: false, userNamespace: true},
} satisfies Record<string, Builder>;
const shifting = builders['root with a user namespace'];

const host: Record<string, HostEntry> = {
  bin: {kind: 'link', target: 'usr/bin'},
  lib64: {kind: 'link', target: 'usr/lib64'},
  usr: {kind: 'directory'},
  lib: {kind: 'directory'},
  etc: {kind: 'directory'},
  var: {kind: 'directory'},
  opt: {kind: 'directory'},
  home: {kind: 'directory'},
  root: {kind: 'directory'},
  boot: {kind: 'directory'},
  work: {kind: 'directory'},
  'lost+found': {kind: 'directory'},
  secret: {kind: 'link', target: '/home/me'},
};

function view(builder: Builder, entries = host): readonly Operation[] {
  return hostView(entries, builder, {hostname: 'box'}).root;
}

/** The operations of one name, with the arguments that matter. */
function of<N extends Operation['op']>(
  operations: readonly Operation[],
  op: N,
): Extract<Operation, {op: N}>[] {
  return operations.filter((some): some is Extract<Operation, {op: N}> => some.op === op);
}

describe.each(Object.entries(builders))('the host view of %s', (_, builder) => {
  const operations = view(builder);

  test('shows programs, libraries, configuration and state, each copied when written', () => {
    const overlays = of(operations, 'createMount').filter(({args}) => args.type === 'overlay');
    expect(overlays.map(({args}) => args.to)).toEqual(['usr', 'lib', 'etc', 'var', 'opt']);
    for (const {args} of overlays) expect(args.options).toContain('userxattr');
  });

  test('shows nothing else of the host', () => {
    const targets = of(operations, 'attachMount').map(({args}) => args.target);
    for (const name of ['home', 'root', 'boot', 'work', 'lost+found', 'secret']) {
      expect(targets).not.toContain(name);
    }
    const links = of(operations, 'makeSymlink').map(({args}) => args.path);
    expect(links).toEqual(['bin', 'lib64']);
  });

  test('keeps links as the host has them', () => {
    expect(of(operations, 'makeSymlink').map(({args}) => args)).toEqual([
      {root: 'root', path: 'bin', target: 'usr/bin'},
      {root: 'root', path: 'lib64', target: 'usr/lib64'},
    ]);
  });

  test('has new and empty places where the host has data', () => {
    const made = of(operations, 'makeDirectory').filter(({args}) => args.root === 'root');
    const modes = Object.fromEntries(made.map(({args}) => [args.path, args.mode]));
    expect(modes).toMatchObject({home: 0o755, root: 0o700, tmp: 0o1777, run: 0o755, proc: 0o555});
    const temporary = of(operations, 'createMount').find(({args}) => args.to === 'var-tmp');
    expect(temporary?.args).toMatchObject({type: 'tmpfs', options: ['mode=1777']});
  });

  test('falls back to a read-only bind where the kernel refuses an overlay', () => {
    operations.forEach((some, index) => {
      if (some.op !== 'createMount' || some.args.type !== 'overlay') return;
      expect(some).toMatchObject({optional: ['EINVAL', 'EPERM', 'ELOOP'], else: 2});
      const lower = `/${some.args.to}`;
      expect(operations[index + 1]).toMatchObject({
        op: 'openTree',
        args: {path: lower, recursive: true, to: some.args.to},
      });
      expect(operations[index + 2]).toMatchObject({
        op: 'mountAttributes',
        args: {mount: some.args.to, set: 5n, recursive: true},
      });
    });
  });

  test('has its own host name in /etc from the start', () => {
    const written = of(operations, 'writeFile').map(({args}) => [args.path, args.data]);
    expect(written).toEqual([
      ['etc/upper/hostname', 'box\n'],
      ['etc/upper/hosts', expect.stringContaining('127.0.1.1 box\n')],
    ]);
  });

  test('leaves a root to pivot to, in slot root', () => {
    expect(of(operations, 'createMount')[0]?.args).toMatchObject({type: 'tmpfs', to: 'root'});
    expect(of(operations, 'attachMount')[0]?.args).toMatchObject({mount: 'root', target: '/'});
  });
});

describe('owners', () => {
  test('shift for programs and libraries, never for configuration and state', () => {
    const shifted = of(view(shifting), 'idmapMount').map(({args}) => args.mount);
    expect(shifted).toEqual(['lower-usr', 'lower-lib']);
    const lowers = of(view(shifting), 'createMount')
      .filter(({args}) => args.type === 'overlay')
      .map(({args}) => args.options[0]);
    expect(lowers).toEqual([
      'lowerdir=usr/lower',
      'lowerdir=lib/lower',
      'lowerdir=/etc',
      'lowerdir=/var',
      'lowerdir=/opt',
    ]);
  });

  test.each([builders['a plain user'], builders['root with the ids of the host']])(
    'stay as they are where nobody may shift them, or need not',
    (builder) => {
      expect(of(view(builder), 'idmapMount')).toEqual([]);
      expect(of(view(builder), 'createMount').map(({args}) => args.options[0])).toContain(
        'lowerdir=/usr',
      );
    },
  );

  test('are shifted between the map of ids and the build', () => {
    const stages = (op: Operation['op']) => [
      ...new Set(view(shifting).flatMap((some) => (some.op === op ? [some.stage] : []))),
    ];
    expect(stages('idmapMount')).toEqual(['attach']);
    expect(of(view(shifting), 'openTree')[0]?.stage).toBe('prepare');
    expect(stages('createMount')).toEqual(['build']);
  });
});

describe('room to write', () => {
  test('is memory, unless this tmpfs cannot say which files are gone; then the disk', () => {
    for (const builder of Object.values(builders)) {
      const operations = view(builder);
      const probe = operations.findIndex(({op}) => op === 'setXattr');
      const next = operations[probe]?.else ?? 0;
      expect(operations[probe]).toMatchObject({optional: ['EOPNOTSUPP', 'ENOTSUP']});
      const instead = operations.slice(probe + 1, probe + 1 + next).map(({op}) => op);
      expect(instead).toEqual(
        builder === shifting
          ? ['attachMount', 'openPath']
          : ['openTree', 'attachMount', 'openPath'],
      );
      expect(of(operations, 'openTree').find(({args}) => args.to === 'rw-disk')?.args.path).toBe(
        '/state/rw',
      );
    }
  });
});

describe('a read-only view', () => {
  test('is sealed once every mount point in it is made', () => {
    const sealed = of(view({...shifting, readOnly: true}), 'mountAttributes').filter(
      ({stage}) => stage === 'enter',
    );
    expect(sealed.map(({args}) => args.mount)).toEqual([
      'usr',
      'lib',
      'etc',
      'var',
      'opt',
      'var-tmp',
    ]);
    for (const {args} of sealed) expect(args.set).toBe(1n);
  });

  test('is sealed only where it is asked for', () => {
    expect(view(shifting).some(({stage}) => stage === 'enter')).toBe(false);
  });
});

test('a host without /var has no /var/tmp to be made', () => {
  const {var: _, ...rest} = host;
  expect(
    JSON.stringify(of(view(shifting, rest), 'createMount').map(({args}) => args.to)),
  ).not.toContain('var');
});

test('name servers are the host’s where they are given', () => {
  const {root} = hostView(host, shifting, {hostname: 'box', resolvConf: 'nameserver 192.0.2.1\n'});
  expect(of(root, 'writeFile').at(-1)?.args).toMatchObject({
    path: 'etc/upper/resolv.conf',
    data: 'nameserver 192.0.2.1\n',
  });
});
