import type {Process, Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {compileExec, type ExecTarget} from './exec.ts';
import type {HostFacts} from './host.ts';

const root: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const user: HostFacts = {...root, uid: 1000, gid: 1000};
const spec: Spec = {
  ociVersion: '1.2.0',
  root: {path: '/srv/root'},
  linux: {
    uidMappings: [{containerID: 0, hostID: 100000, size: 65536}],
    gidMappings: [{containerID: 0, hostID: 100000, size: 65536}],
    namespaces: [{type: 'user'}, {type: 'pid'}, {type: 'mount'}],
  },
};
const process: Process = {
  args: ['sh', '-c', 'id'],
  env: ['PATH=/bin'],
  cwd: '/work',
  user: {uid: 7, gid: 8, additionalGids: [9]},
  capabilities: {bounding: ['CAP_KILL'], permitted: ['CAP_KILL'], effective: ['CAP_KILL']},
  noNewPrivileges: true,
  oomScoreAdj: 50,
  execCPUAffinity: {initial: '0-1', final: '33'},
};
const target: ExecTarget = {
  id: 'box',
  bundle: '/bundle',
  spec,
  init: {pid: 77, startTime: 4242n},
  namespaces: ['user', 'mount', 'pid', 'cgroup'],
  cgroup: {unified: '/sys/fs/cgroup/unified/box', members: ['/sys/fs/cgroup/memory/box/tasks']},
};
const detached = {detach: true, preservedFds: 0, pidFile: '/run/pid', sameKeyring: false};

function lines(
  of: Partial<ExecTarget> = {},
  asked: Partial<Process> = {},
  host = root,
  leaving: Partial<typeof detached> & {consoleSocket?: string} = {},
): string[] {
  const {operations} = compileExec({...target, ...of}, {...process, ...asked}, host, {
    ...detached,
    ...leaving,
  });
  return operations.map((some) => `${some.stage} ${describeOperation(some)}`);
}

function having(words: string, all = lines()): string[] {
  return all.filter((line) => line.includes(words));
}

describe('another process of a container', () => {
  test('is made by this plan, whole', () => {
    expect(lines()).toMatchInlineSnapshot(`
      [
        "prepare openProcess pid=77 startTime=4242 to=process",
        "prepare giveStreams uid=100007",
        "prepare openDirectory path=/sys/fs/cgroup/unified/box to=cgroup",
        "prepare openMembers file=/sys/fs/cgroup/memory/box/tasks to=/sys/fs/cgroup/memory/box/tasks",
        "clone cloneKeeper",
        "attach writeProcess file=oom_score_adj data=50",
        "attach releaseKeeper",
        "keep awaitRelease",
        "keep setAffinity cpus=[3]",
        "keep enterProcess process=process namespaces=CLONE_NEWPID",
        "keep cloneContainer flags=CLONE_PARENT cgroup=cgroup",
        "keep leaveContainer",
        "build awaitRelease",
        "build enterCgroup members=/sys/fs/cgroup/memory/box/tasks",
        "build setAffinity cpus=[0 2]",
        "build enterProcess process=process namespaces=CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWCGROUP",
        "build becomeRoot uid=0 gid=0 setgroups=true",
        "enter useIds uid=7 gid=8 groups=[9]",
        "enter inheritStreams",
        "confine joinKeyring name=minicontainer-box",
        "confine setRlimit resource=RLIMIT_NOFILE soft=1024 hard=4096",
        "confine dropBounding keep=CAP_KILL",
        "confine setUser setgroups=true",
        "confine changeDirectory path=/work",
        "confine setUmask mask=022",
        "confine closeDescriptors from=3",
        "confine findCommand argv=[sh -c id] search=/bin",
        "confine setCapabilities effective=CAP_KILL permitted=CAP_KILL",
        "confine noNewPrivileges",
        "gate awaitStart",
        "exec execute argv=[sh -c id] env=[PATH=/bin] search=/bin",
        "ending awaitContainer",
        "ending writePidFile path=/run/pid",
        "ending releaseContainer executed=true",
        "ending detach",
      ]
    `);
  });

  test('enters with the rights of the host’s root all but the pid namespace in one call', () => {
    expect(having('enterProcess')).toEqual([
      'keep enterProcess process=process namespaces=CLONE_NEWPID',
      'build enterProcess process=process namespaces=CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWCGROUP',
    ]);
  });

  test('has its rights from the user namespace where the caller is a plain user', () => {
    expect(having('enterProcess', lines({}, {}, user))).toEqual([
      'keep enterProcess process=process namespaces=CLONE_NEWUSER|CLONE_NEWPID',
      'build enterProcess process=process namespaces=CLONE_NEWNS|CLONE_NEWCGROUP',
    ]);
  });

  test('enters nothing that the container shares with the caller', () => {
    const shared = lines({namespaces: ['mount']});
    expect(having('enterProcess', shared)).toEqual([
      'build enterProcess process=process namespaces=CLONE_NEWNS',
    ]);
    expect(having('becomeRoot', shared)).toEqual([]);
  });

  test('goes where the first process is when the cgroup takes no processes any more', () => {
    const moved = lines({cgroup: {unified: '/c/box', instead: '/c/box/init.scope', members: []}});
    expect(having('cloneContainer', moved)).toEqual([
      'keep cloneContainer flags=CLONE_PARENT cgroup=cgroup',
      'keep cloneContainer flags=CLONE_PARENT cgroup=instead',
    ]);
    const {operations} = compileExec(
      {...target, cgroup: {unified: '/c/box', instead: '/c/box/init.scope', members: []}},
      process,
      root,
      detached,
    );
    expect(operations.find(({op}) => op === 'cloneContainer')).toMatchObject({
      optional: ['EBUSY'],
      else: 1,
    });
  });

  test('does without a cgroup where the container has none', () => {
    const without = lines({cgroup: {members: []}});
    expect([...having('Cgroup', without), ...having('Members', without)]).toEqual([]);
    expect(having('cloneContainer', without)).toEqual(['keep cloneContainer flags=CLONE_PARENT']);
  });

  test('is labelled in the caller’s procfs, which is held before anything is entered', () => {
    const labelled = lines(
      {},
      {apparmorProfile: 'profile'},
      {...root, lsm: {apparmor: true, selinux: false}},
    );
    expect(having('procfs', labelled)).toEqual([
      'prepare openDirectory path=/proc to=procfs',
      expect.stringMatching(/^exec writeControl procfs=procfs path="?\$pid\/attr\/apparmor\/exec/),
      expect.stringMatching(/^exec writeControl procfs=procfs path="?\$pid\/attr\/exec/),
    ]);
  });

  test('has no console in the container, whose /dev is not its own', () => {
    const terminal = lines({}, {terminal: true}, root, {consoleSocket: '/run/console'});
    expect(having('openTerminal', terminal)).toEqual(['enter openTerminal']);
    expect(having('sendTerminal', terminal)).toHaveLength(1);
  });

  test('stays with a caller that waits for it', () => {
    expect(lines({}, {}, root, {detach: false}).at(-1)).toBe('ending supervise');
  });

  test('runs from a sealed program where the container could reach its file', () => {
    const own: Spec = {ociVersion: '1.2.0', root: {path: '/srv/root'}};
    const seal = (of: Spec) => compileExec({...target, spec: of}, process, root, detached).seal;
    expect([seal(spec), seal(own)]).toEqual([false, true]);
  });

  test.each(['x', '3-1', '8192', '1,,2'])('runs on no processors like %j', (final) => {
    expect(() => lines({}, {execCPUAffinity: {final}})).toThrow(
      expect.objectContaining({code: 'EAFFINITY'}),
    );
  });

  test.each<Process['user']>([
    {uid: 4294967295, gid: 0},
    {uid: 0, gid: 4294967295},
    {uid: 0, gid: 0, additionalGids: [4294967295]},
  ])('is not somebody whom the kernel takes for "as before": %j', (nobody) => {
    expect(() => lines({}, {user: nobody ?? {uid: 0, gid: 0}})).toThrow(
      expect.objectContaining({code: 'EUSER'}),
    );
  });
});
