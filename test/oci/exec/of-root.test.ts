import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';
import {statusOf, until} from './watched.ts';

describeRoot('a process in a container that is there', () => {
  test('may be there before the container is started', () => {
    using container = new TestContainer({created: true});
    expect(container.exec(['sh', '-c', 'echo $(readlink /proc/self/ns/mnt)']).stdout).toMatch(
      /^mnt/,
    );
  });

  test('waits for a container that is paused only where it is told to', async () => {
    using container = new TestContainer();
    const state = `/sys/fs/cgroup/freezer/${container.cgroup}/freezer.state`;
    const set = (word: string) => spawnSync('sh', ['-c', `echo ${word} > ${state}`]);
    set('FROZEN');
    await until(() => readFileSync(state, 'utf8').trim() === 'FROZEN');
    expect(container.exec(['true'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('is paused'),
    });
    const waiting = container.start(['true'], ['--ignore-paused']);
    await sleep(300);
    expect(waiting.exitCode).toBeNull();
    set('THAWED');
    expect(await once(waiting, 'exit')).toEqual([0, null]);
  });

  test('has the limits and the umask of the container', () => {
    using container = new TestContainer({
      change: (spec) => ({
        ...spec,
        process: {
          ...{args: [], cwd: '/', ...spec.process},
          user: {uid: 0, gid: 0, umask: 0o27},
          rlimits: [{type: 'RLIMIT_CORE', soft: 100, hard: 200}],
        },
      }),
    });
    const {stdout} = container.exec(['sh', '-c', 'umask; grep core /proc/self/limits']);
    expect(stdout).toMatch(/^0027\nMax core file size +100 +200 /);
  });

  test.skipIf(cpus().length < 2)('runs on the processors that are its', () => {
    using container = new TestContainer({
      change: (spec) => ({
        ...spec,
        process: {
          ...{args: [], cwd: '/', ...spec.process},
          execCPUAffinity: {initial: '0-1', final: '1'},
        },
      }),
    });
    const grep = ['grep', 'Cpus_allowed_list', '/proc/self/status'];
    expect(container.exec(grep).stdout).toBe('Cpus_allowed_list:\t1\n');
    expect(statusOf(container.pid, 'Cpus_allowed_list')).not.toBe('1');
  });

  test('runs in a cgroup below the container’s', () => {
    using container = new TestContainer();
    const below = `/sys/fs/cgroup/memory/${container.cgroup}/below`;
    const cgroup = ['grep', 'memory', '/proc/self/cgroup'];
    expect(container.exec(cgroup, ['--cgroup', 'memory:below'])).toMatchObject({
      status: 255,
      stderr: expect.stringContaining('no such file or directory'),
    });
    spawnSync('mkdir', [below]);
    const {stdout} = container.exec(cgroup, ['--cgroup', 'memory:below']);
    expect(stdout).toMatch(new RegExp(`:/${container.cgroup}/below\n$`));
  });

  test('enters no namespace that the container shares with the host', () => {
    using container = new TestContainer({
      change: (spec) => ({
        ...spec,
        linux: {...spec.linux, namespaces: [{type: 'mount'}, {type: 'uts'}]},
      }),
    });
    const read = 'readlink /proc/self/ns/pid; readlink /proc/self/ns/net';
    const own = spawnSync('sh', ['-c', read], {encoding: 'utf8'}).stdout;
    expect(container.exec(['sh', '-c', read]).stdout).toBe(own);
  });

  test('enters those that the container has joined', () => {
    using first = new TestContainer();
    using second = new TestContainer({
      change: (spec) => ({
        ...spec,
        linux: {
          ...spec.linux,
          namespaces: [
            ...(['pid', 'mount', 'user'] as const).map((type) => ({type})),
            {type: 'network', path: `/proc/${first.pid}/ns/net`},
          ],
          uidMappings: [{containerID: 0, hostID: 300_000, size: 1000}],
          gidMappings: [{containerID: 0, hostID: 300_000, size: 1000}],
        },
      }),
    });
    const read = ['sh', '-c', 'readlink /proc/self/ns/net'];
    const {stdout} = second.exec(read);
    expect(stdout).toBe(first.exec(read).stdout);
    expect(second.exec(['sh', '-c', 'cat /proc/self/uid_map'], ['--user', '5:6']).stdout).toMatch(
      /^ +0 +300000 +1000$/m,
    );
  });
});
