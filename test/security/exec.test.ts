import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Spec} from '@minicontainer/spec';
import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../e2e/harness/people.ts';
import {nsexecPath} from '../e2e/harness/run.ts';
import {TestContainer} from '../oci/exec/container.ts';
import {mutantNsexec, type Replacement} from './harness/source-mutants.ts';

/** How long an attacker may try where it must fail, and where it must not. */
const triesMs = 1500;
const patienceMs = 20_000;

/** Its first process attacks whoever comes, for ever. */
function attacking(script: string): (spec: Spec) => Spec {
  return (spec) => ({
    ...spec,
    process: {
      ...{cwd: '/', ...spec.process},
      args: [
        'sh',
        '-c',
        `while :; do for p in /proc/[0-9]*; do ${script}; done; done 2> /dev/null`,
      ],
    },
  });
}

/** Whether the attack is won, in as much time as it has. */
async function isWon(gained: () => boolean, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end; await sleep(20)) {
    if (gained()) return true;
  }
  return gained();
}

/** A console socket whose queue is full: whoever connects to it waits, with a process of ours in there. */
async function fullSocket(path: string): Promise<ChildProcess> {
  const script = [
    'import socket, sys, time',
    's = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(0)',
    'c = socket.socket(socket.AF_UNIX); c.connect(sys.argv[1])',
    'import os; os.chmod(sys.argv[1], 0o777); print("full", flush=True); time.sleep(1000)',
  ].join('\n');
  const listener = spawn('python3', ['-c', script, path], {stdio: ['ignore', 'pipe', 'inherit']});
  await once(listener.stdout, 'data');
  return listener;
}

async function end(process: ChildProcess): Promise<void> {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

const traceable: readonly Replacement[] = [
  {file: 'build.c', from: 'prctl(PR_SET_DUMPABLE, 0);', to: ''},
  {file: 'join.c', from: 'prctl(PR_SET_DUMPABLE, 0) < 0 ||', to: ''},
  // A change of ids is another way to the same.
  {
    file: 'confine.c',
    from: 'umask((mode_t)args->mask);',
    to: 'umask((mode_t)args->mask); prctl(PR_SET_DUMPABLE, 1);',
  },
];

describeEach('CVE-2016-9962: a process that joins a container', (person) => {
  const look = 'tr "\\\\0" "\\\\n" < $p/environ | grep SECRET >> /gained';

  async function attack(nsexec: string, ms: number): Promise<boolean> {
    using container = new TestContainer({as: person, change: attacking(look)});
    const env = {...process.env, MINICONTAINER_NSEXEC: nsexec, SECRET: 'of the caller'};
    const isGained = () => statSync(join(container.rootfs, 'gained')).size > 0;
    await isWon(() => existsSync(join(container.rootfs, 'gained')), patienceMs);
    for (let round = 0; round < 10; round++) container.exec(['true'], [], {env});
    const socket = join(container.scratch, 'console');
    const listener = await fullSocket(socket);
    const flags = ['--tty', '--detach', '--console-socket', socket];
    const held = container.start(['true'], flags, {env, stdio: ['pipe', 'ignore', 'inherit']});
    try {
      return await isWon(isGained, ms);
    } finally {
      await end(held);
      await end(listener);
    }
  }

  it('is shown to nobody there before it is the command: not its memory, not its descriptors', async () => {
    expect(await attack(nsexecPath(), triesMs)).toBe(false);
    expect(await attack(mutantNsexec(traceable), patienceMs)).toBe(true);
  });
});

describeRoot('CVE-2019-5736: a command of a container that is the program itself', () => {
  /** Whoever executes it executes whatever executes it, again and again. */
  const lure = '#!/proc/self/exe 0\n';
  const change = '[ $(readlink $p/exe) = /bin/busybox ] || chmod 4777 $p/exe';

  async function attack(source: readonly Replacement[], ms: number): Promise<boolean> {
    using container = new TestContainer({change: attacking(change)});
    const nsexec = join(container.scratch, 'nsexec');
    copyFileSync(source.length === 0 ? nsexecPath() : mutantNsexec(source), nsexec);
    chmodSync(nsexec, 0o755);
    writeFileSync(join(container.rootfs, 'bin/lure'), lure, {mode: 0o755});
    const env = {...process.env, MINICONTAINER_NSEXEC: nsexec};
    const lured = container.start(['lure'], [], {env, stdio: ['pipe', 'ignore', 'ignore']});
    try {
      return await isWon(() => statSync(nsexec).mode !== 0o100755, ms);
    } finally {
      const inside = readFileSync(`/proc/${lured.pid}/task/${lured.pid}/children`, 'utf8');
      await end(lured);
      for (const pid of inside.trim().split(' ')) process.kill(Number(pid), 'SIGKILL');
    }
  }

  it('changes a sealed copy of it, never the file', async () => {
    expect(await attack([], triesMs)).toBe(false);
    const unsealed = {file: 'main.c', from: 'result == 0 && context.plan.seal', to: 'false'};
    expect(await attack([unsealed], patienceMs)).toBe(true);
  });
});
