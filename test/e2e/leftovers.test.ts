import {spawn, spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {leftoversSince, takeSnapshot} from './harness/leftovers/index.ts';
import {describeRoot, someone} from './harness/people.ts';
import {currentHouse, roomOf} from './harness/room.ts';
import {environmentOf} from './harness/run.ts';

// Short: what other tests see of these must be gone before their own patience ends.
const patienceMs = 100;

/** Leaves something, looks, and takes it away again. */
async function detect(
  leave: () => void | Promise<void>,
  remove: (left: string) => void,
): Promise<string> {
  roomOf(someone);
  const before = takeSnapshot();
  let left = '';
  try {
    await leave();
    left = (await leftoversSince(before, patienceMs)).join('\n');
    return left;
  } finally {
    remove(left);
  }
}

/** Starts a program whose parent is gone at once; returns its pid. */
async function orphan(words: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const {stdout} = spawnSync(
    'bash',
    ['-c', '"$@" </dev/null >&/dev/null & echo $!', '', ...words],
    {
      env,
      encoding: 'utf8',
    },
  );
  await sleep(50);
  return Number(stdout);
}

// Each looks for its own: what a test beside it has for a moment may be seen as well.
describe('what a test leaves is found', () => {
  it('when it is nothing', async () => {
    // With all patience: tests beside this one have processes on their way out.
    expect(await leftoversSince(takeSnapshot())).toEqual([]);
  });

  it('when it is a process below the test', async () => {
    const env = {PATH: process.env.PATH};
    let child: ReturnType<typeof spawn> | undefined;
    const left = await detect(
      () => {
        child = spawn('sleep', ['100'], {env});
      },
      () => child?.kill('SIGKILL'),
    );
    expect(left).toMatch(/^process \d+ sleep, child of \d+$/m);
  });

  it('when it is an orphan with the environment of the test', async () => {
    let pid = 0;
    const left = await detect(
      async () => {
        pid = await orphan(['setsid', 'sleep', '100'], environmentOf(someone));
      },
      () => process.kill(pid, 'SIGKILL'),
    );
    expect(left).toMatch(/^process \d+ sleep, child of \d+$/m);
  });

  it.each(['home', 'state', 'tmp'] as const)('when it is a file in %s', async (place) => {
    const file = join(roomOf(someone)[place], 'left');
    const left = await detect(
      () => writeFileSync(file, ''),
      () => rmSync(file),
    );
    expect(left.split('\n')).toContain(`file ${file}`);
  });

  it('when it is the directory of a container', async () => {
    const directory = join(roomOf(someone).state, 'containers/0123456789ab');
    const left = await detect(
      () => void mkdirSync(directory, {recursive: true}),
      () => rmSync(directory, {recursive: true}),
    );
    expect(left.split('\n')).toContain(`file ${directory}`);
  });

  it.each(['/tmp', '/dev/shm'])('when it is a file of ours in %s', async (place) => {
    const file = join(place, randomBytes(32).toString('hex'));
    const left = await detect(
      () => writeFileSync(file, ''),
      () => rmSync(file),
    );
    expect(left.split('\n')).toContain(`file ${file}`);
  });
});

describeRoot('what a test of root leaves is found', () => {
  it('when it is a mount', async () => {
    const place = join(currentHouse(), 'mounted');
    const left = await detect(
      () => {
        mkdirSync(place);
        spawnSync('mount', ['-t', 'tmpfs', 'leftover', place]);
      },
      () => void spawnSync('umount', [place]),
    );
    expect(left).toMatch(new RegExp(`^mount \\S+ ${place} .* leftover `, 'm'));
  });

  it('when it is a process in a pid namespace that nobody watches', async () => {
    const left = await detect(
      async () => {
        // unshare is what watches its child; without it the child is an orphan that nothing names.
        const watcher = await orphan(['unshare', '--pid', '--fork', 'sleep', '5'], {});
        process.kill(watcher, 'SIGKILL');
        await sleep(50);
      },
      (lines) => {
        for (const [, pid] of lines.matchAll(/^process (\d+) sleep/gm)) {
          process.kill(Number(pid), 'SIGKILL');
        }
      },
    );
    expect(left).toMatch(/^process \d+ sleep, child of \d+$/m);
  });

  it('when it is a cgroup', async () => {
    const hierarchies = ['unified', 'pids', ''].map((name) => join('/sys/fs/cgroup', name));
    const name = `minicontainer-${String(process.pid).padStart(64, '0')}`;
    const place = join(hierarchies.find(existsSync) ?? '', name);
    const left = await detect(
      () => mkdirSync(place),
      () => rmdirSync(place),
    );
    expect(left.split('\n')).toContain(`cgroup ${place}`);
  });

  it('when it is a network namespace that a mount keeps', async () => {
    const place = join(currentHouse(), 'network');
    writeFileSync(place, '');
    const left = await detect(
      () => void spawnSync('unshare', [`--net=${place}`, 'true']),
      () => void spawnSync('umount', [place]),
    );
    expect(left).toMatch(/^mount .* nsfs /m);
  });

  it('when it is a network namespace that a descriptor keeps', async () => {
    let fd = -1;
    const left = await detect(
      async () => {
        const inside = await orphan(['unshare', '--net', 'sleep', '5'], {});
        fd = openSync(`/proc/${inside}/ns/net`, 'r');
        process.kill(inside, 'SIGKILL');
      },
      () => closeSync(fd),
    );
    expect(left).toMatch(/^network namespace net:\[\d+\] held by process \d+$/m);
  });
});
