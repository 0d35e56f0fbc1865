import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withProcess} from './bundle.ts';

describeRoot('the working directory', () => {
  test('is made where it is missing', () => {
    using bundle = new Bundle('pwd; stat -c %a .', withProcess({cwd: '/some/where'}));
    expect(bundle.output()).toBe('/some/where\n755\n');
  });

  test('is made in the container, through links of its own', () => {
    using bundle = new Bundle(
      'cat /proc/self/mountinfo >/dev/null; pwd -P',
      withProcess({cwd: '/link/new'}),
    );
    symlinkSync('/tmp', bundle.inRootfs('link'));
    expect(bundle.output()).toBe('/tmp/new\n');
  });

  test('is refused where it is relative', () => {
    using bundle = new Bundle('true', withProcess({cwd: 'tmp'}));
    const {status, stderr} = bundle.run();
    expect([status, stderr]).toEqual([1, expect.stringContaining('cwd')]);
  });

  test('is refused where it is a file', () => {
    using bundle = new Bundle('true', withProcess({cwd: '/file'}));
    writeFileSync(bundle.inRootfs('file'), '');
    expect(bundle.run().status).toBe(1);
  });

  test('may be one that only its user can enter', () => {
    using bundle = new Bundle('pwd', withProcess({cwd: '/own', user: {uid: 1000, gid: 1000}}));
    mkdirSync(bundle.inRootfs('own'), {mode: 0o777});
    expect(bundle.output()).toBe('/own\n');
  });
});

describeRoot('the user', () => {
  test('has the groups that are given besides its own, and no other', () => {
    using bundle = new Bundle(
      'id -u; id -g; id -G',
      withProcess({user: {uid: 1000, gid: 1001, additionalGids: [1002, 5]}}),
    );
    expect(bundle.output()).toBe('1000\n1001\n1001 5 1002\n');
  });

  test('creates files by the umask that is given, else by 022', () => {
    using plain = new Bundle('umask');
    expect(plain.output()).toBe('0022\n');
    using given = new Bundle('umask', withProcess({user: {uid: 0, gid: 0, umask: 0o27}}));
    expect(given.output()).toBe('0027\n');
  });

  test('has the home that the passwd file of the container tells, and / where it tells none', () => {
    const env = ['PATH=/bin'];
    using known = new Bundle('echo $HOME', withProcess({env, user: {uid: 1000, gid: 1000}}));
    writeFileSync(known.inRootfs('etc/passwd'), 'x:x:1000:1000::/home/x:/bin/sh\n');
    expect(known.output()).toBe('/home/x\n');
    using unknown = new Bundle('echo $HOME', withProcess({env, user: {uid: 1000, gid: 1000}}));
    expect(unknown.output()).toBe('/\n');
  });

  test('has its home in HOME too where that is given, and empty', () => {
    using bundle = new Bundle('echo $HOME', withProcess({env: ['PATH=/bin', 'HOME=', 'B=1']}));
    writeFileSync(bundle.inRootfs('etc/passwd'), 'root:x:0:0::/root:/bin/sh\n');
    expect(bundle.output()).toBe('/root\n');
  });

  test('keeps the HOME that is given', () => {
    using bundle = new Bundle('echo $HOME', withProcess({env: ['PATH=/bin', 'HOME=/given']}));
    expect(bundle.output()).toBe('/given\n');
  });
});

describeRoot('the environment', () => {
  test('is what is given, in its order and with its line breaks, whatever the caller has', () => {
    const env = ['PATH=/bin', 'HOME=/', 'B=1\n2', 'A=x=y'];
    using bundle = new Bundle('', withProcess({env, args: ['cat', '/proc/self/environ']}));
    expect(bundle.output().split('\0')).toEqual([...env, '']);
  });
});

describeRoot('the command', () => {
  test('is looked for in the PATH of the container, as a file that may be executed', () => {
    using bundle = new Bundle('true', withProcess({args: ['tool'], env: ['PATH=/first:/second']}));
    mkdirSync(bundle.inRootfs('first'));
    mkdirSync(bundle.inRootfs('second'));
    writeFileSync(bundle.inRootfs('first/tool'), '');
    writeFileSync(bundle.inRootfs('second/tool'), '#!/bin/sh\necho found', {mode: 0o755});
    expect(bundle.output()).toBe('found\n');
  });

  test('is told to be missing when the container is made, not when it is started', () => {
    using bundle = new Bundle('true', withProcess({args: ['nowhere']}));
    const {status, stderr} = bundle.create();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('executable file not found in $PATH'),
    ]);
    expect(bundle.runtime('state', bundle.id).status).toBe(1);
  });

  test('is refused where it may not be executed', () => {
    using bundle = new Bundle('true', withProcess({args: ['/file']}));
    writeFileSync(bundle.inRootfs('file'), '#!/bin/sh\n');
    chmodSync(bundle.inRootfs('file'), 0o644);
    const {status, stderr} = bundle.create();
    expect([status, stderr]).toEqual([1, expect.stringContaining('permission denied')]);
  });

  test('is refused where there is none', () => {
    using bundle = new Bundle('true', withProcess({args: []}));
    expect(bundle.run().status).toBe(1);
  });

  test('ends run with its own exit code', () => {
    using bundle = new Bundle('exit 7');
    expect(bundle.run().status).toBe(7);
  });

  test('has no descriptor but its standard streams', () => {
    using bundle = new Bundle('', withProcess({args: ['ls', '/proc/self/fd']}));
    // The last is that of ls itself.
    expect(bundle.output()).toBe('0\n1\n2\n3\n');
  });
});

describeRoot('limits and privileges', () => {
  test('a resource limit is refused whose soft one is above the hard one', () => {
    const rlimits = [{type: 'RLIMIT_NOFILE', soft: 20, hard: 10}];
    using bundle = new Bundle('true', withProcess({rlimits}));
    expect(bundle.run().status).toBe(1);
  });

  test('a resource limit holds, soft and hard', () => {
    const rlimits = [{type: 'RLIMIT_NOFILE', soft: 50, hard: 60}];
    using bundle = new Bundle('ulimit -Sn; ulimit -Hn', withProcess({rlimits}));
    expect(bundle.output()).toBe('50\n60\n');
  });

  test('no capabilities at all leave none', () => {
    using bundle = new Bundle('grep Cap /proc/self/status', withProcess({capabilities: {}}));
    expect(bundle.output().match(/0{16}/g)).toHaveLength(5);
  });

  test('a capability that no kernel has is left out, with a warning', () => {
    const capabilities = {bounding: ['CAP_KILL', 'CAP_UNHEARD_OF'], effective: [], permitted: []};
    using bundle = new Bundle('grep CapBnd /proc/self/status', withProcess({capabilities}));
    const {status, stdout, stderr} = bundle.run();
    expect([status, stdout]).toEqual([0, expect.stringContaining('0000000000000020')]);
    expect(stderr).toContain('CAP_UNHEARD_OF');
  });

  test('the badness for the kernel that is out of memory is set', () => {
    using bundle = new Bundle('cat /proc/self/oom_score_adj', withProcess({oomScoreAdj: 300}));
    expect(bundle.output()).toBe('300\n');
  });
});
