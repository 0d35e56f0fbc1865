import {mkdtempSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Process, Rlimit, Spec} from '@minicontainer/spec';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';

const namespaces = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts'];

/** All that a process can tell of how it was made, save its name in a cgroup. */
const probe = [
  'id -u; id -g; id -G',
  'echo $PWD',
  'env | grep -v ^SHLVL= | sort',
  'grep -E "^(Cap...|NoNewPrivs|Seccomp|Groups|Cpus_allowed_list):" /proc/self/status',
  'cat /proc/self/limits /proc/self/oom_score_adj',
  `for name in ${namespaces.join(' ')}; do readlink /proc/self/ns/$name; done`,
  'tr "\\n" " " < /proc/self/cgroup',
].join('; ');

const rlimits: Rlimit[] = [
  // One number: that program's language raises a soft limit of open files, at times before it hands it on.
  {type: 'RLIMIT_NOFILE', soft: 600, hard: 600},
  {type: 'RLIMIT_CORE', soft: 100, hard: 200},
];

function confined(spec: Spec): Spec {
  const process: Process = {
    ...{args: [], cwd: '/', ...spec.process},
    user: {uid: 0, gid: 0, additionalGids: [9]},
    rlimits,
    oomScoreAdj: 321,
    noNewPrivileges: false,
  };
  return {
    ...spec,
    process,
    linux: {
      ...spec.linux,
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{names: ['syslog'], action: 'SCMP_ACT_ERRNO'}],
      },
    },
  };
}

describeRoot('another process of a container', () => {
  const containers: TestContainer[] = [];
  let files = '';
  beforeAll(() => {
    files = mkdtempSync(join(tmpdir(), 'minicontainer-exec-files-'));
    for (const [name, process] of Object.entries(asked)) {
      writeFileSync(join(files, name), JSON.stringify(process));
    }
    containers.push(
      new TestContainer({change: confined}),
      new TestContainer({program: 'runc', change: confined}),
    );
  });
  afterAll(() => {
    for (const container of containers) container[Symbol.dispose]();
    rmSync(files, {recursive: true, force: true});
  });

  const args = ['sh', '-c', probe];
  const asked: Record<string, Process> = {
    small: {args, cwd: '/', env: ['PATH=/bin'], rlimits},
    whole: {
      ...{args, cwd: '/dev', env: ['PATH=/bin', 'A=1', 'A=2'], noNewPrivileges: true},
      user: {uid: 5, gid: 6, additionalGids: [7, 8]},
      capabilities: {bounding: ['CAP_KILL'], permitted: [], effective: []},
      rlimits: [{type: 'RLIMIT_NOFILE', soft: 100, hard: 100}],
    },
  };

  function told(container: TestContainer | undefined, flags: readonly string[]): string[] {
    const fromFile = flags.some((flag) => flag.startsWith('--process'));
    const {status, stdout, stderr} = container?.exec(
      fromFile ? [] : args,
      flags.map((flag) => flag.replace('FILES', files)),
    ) ?? {status: 1, stdout: '', stderr: 'no container'};
    expect([status, stderr]).toEqual([0, '']);
    const {pid = 0, cgroup = ''} = container ?? {};
    const text = namespaces.reduce(
      (before, name) => before.replace(readlinkSync(`/proc/${pid}/ns/${name}`), `joins ${name}`),
      stdout.replaceAll(cgroup, 'CGROUP'),
    );
    return text.trimEnd().split('\n');
  }

  test.each<[string, string[]]>([
    ['without flags', []],
    ['of another user', ['--user', '5:6']],
    ['of another user in its group', ['--user', '5']],
    ['of more groups', ['-g', '7', '-g', '8']],
    ['elsewhere', ['--cwd', '/dev']],
    ['with variables', ['--env', 'A=1', '--env', 'OWN=2', '--env', 'A=']],
    ['with a capability', ['--cap', 'CAP_NET_RAW', '--cap', 'CAP_SYS_PTRACE']],
    ['without new privileges', ['--no-new-privs']],
    ['of a user with a capability', ['--user', '5', '--cap', 'CAP_NET_RAW']],
    ['from a small file', ['--process', 'FILES/small']],
    ['from a whole file', ['--process=FILES/whole']],
  ])('%s is what runc makes it', (_, flags) => {
    const [own, runc] = containers.map((container) => told(container, flags));
    expect(own).toEqual(runc);
    expect(own).toEqual(expect.arrayContaining(namespaces.map((name) => `joins ${name}`)));
  });
});
