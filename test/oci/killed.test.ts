import {existsSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {
  type Barrier,
  barriersOf,
  callsOf,
  perform,
  prepare,
  restore,
  verb,
} from './harness/barriers.ts';
import {createWithNode, planningBarriers} from './harness/planner.ts';
import {type Room, useRoom} from './harness/room.ts';

const isLong = process.env.MINICONTAINER_TEST_LONG === '1';
/** A start that waits for the dead waits for ever. */
const startMs = 2000;
const patienceMs = isLong ? 600_000 : 110_000;

/** What a C library starts and ends with, and never fails. */
const libraries = ['arch_prctl', 'brk', 'exit_group', 'mmap', 'munmap', 'set_tid_address'];

describe('after kill -9', () => {
  const at = useRoom();

  test(
    'of supervisor, keeper or first process, at any call, all that is left can be deleted',
    async () => {
      const {room} = at;
      room.write('exec sleep 100');
      await prepare(room);
      await perform(room);
      expect(await room.state()).toMatchObject({status: 'created'});
      const barriers = barriersOf(callsOf(room), isLong);
      await cleanUp(room);
      expect(barriers.length).toBeGreaterThan(50);
      for (const barrier of barriers) {
        restore(room);
        await perform(room, barrier);
        await startInTime(room, barrier);
        await cleanUp(room, barrier);
      }
    },
    patienceMs,
  );

  test(
    'or after a call that fails, what create has not undone can be deleted',
    async () => {
      const {room} = at;
      room.write('exec sleep 100');
      await prepare(room);
      await perform(room);
      const barriers = barriersOf(callsOf(room), isLong);
      await cleanUp(room);
      for (const {name, nth} of barriers.filter((each) => !libraries.includes(each.name))) {
        const barrier = {name, nth, errno: 'EIO'};
        restore(room);
        const {status} = await perform(room, barrier);
        expect([barrier, status]).toEqual([barrier, expect.toBeOneOf([0, 125])]);
        await startInTime(room, barrier);
        await cleanUp(room, barrier);
      }
    },
    patienceMs,
  );

  test(
    'of start, at any call, the container is created still, or runs',
    async () => {
      const {room} = at;
      room.write('exec sleep 100');
      await prepare(room);
      await perform(room);
      await verb(room, ['start', room.id]);
      const barriers = barriersOf(callsOf(room), true);
      await cleanUp(room);
      for (const barrier of barriers) {
        restore(room);
        await perform(room);
        await verb(room, ['start', room.id], barrier);
        await expect
          .poll(async () => (await room.state()).status, {message: JSON.stringify(barrier)})
          .toMatch(/^(created|running)$/);
        const before = await room.state();
        const {status} = await startInTime(room, barrier);
        // Whoever was killed had opened the gate, or has not: then it is there for the next.
        if (before.status === 'running') expect(status).toBe(1);
        expect(await room.state()).toMatchObject({status: 'running'});
        await cleanUp(room, barrier);
      }
    },
    patienceMs,
  );

  test(
    'of delete, at any call, another delete finishes it',
    async () => {
      const {room} = at;
      room.write('exec sleep 100');
      await prepare(room);
      await perform(room);
      await verb(room, ['delete', '--force', room.id]);
      const barriers = barriersOf(callsOf(room), isLong);
      expect(existsSync(room.kept())).toBe(false);
      for (const barrier of barriers) {
        restore(room);
        await perform(room);
        await verb(room, ['delete', '--force', room.id], barrier);
        await cleanUp(room, barrier);
      }
    },
    patienceMs,
  );

  test(
    'of Node, wherever it writes, create says so, and what is left can be deleted',
    async () => {
      const {room} = at;
      room.write('exec sleep 100');
      expect(await createWithNode(room)).toMatchObject({status: 0});
      const barriers = planningBarriers(room, isLong);
      await cleanUp(room);
      expect(barriers.length).toBeGreaterThan(8);
      for (const barrier of barriers) {
        const {status, stderr} = await createWithNode(room, barrier);
        expect({status, stderr}, JSON.stringify(barrier)).toMatchObject({
          status: 1,
          stderr: /Node\.js was killed by signal 9/,
        });
        await cleanUp(room, barrier);
      }
    },
    patienceMs,
  );

  test.each(['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart'])(
    'of create or start while a %s hook runs, neither the hook nor anything else stays',
    async (kind) => {
      const {room} = at;
      const hook = `echo > ${room.path}/hooked; exec sleep 100`;
      room.write('exec sleep 100', {
        hooks: {[kind]: [{path: '/bin/sh', args: ['sh', '-c', hook], env: [`ROOM=${room.path}`]}]},
        // What runs inside finds its place to tell of itself.
        mounts: [
          {destination: '/proc', type: 'proc', source: 'proc'},
          {destination: room.path, type: 'bind', source: room.path, options: ['rbind']},
        ],
      });
      const words = ['create', '--bundle', room.bundle, room.id];
      const isLate = ['startContainer', 'poststart'].includes(kind);
      if (isLate) await room.must(words);
      const [program = '', ...rest] = room.words(isLate ? ['start', room.id] : words);
      const {child, pid, result} = room.launch(program, rest);
      await expect.poll(() => existsSync(`${room.path}/hooked`), {timeout: 5000}).toBe(true);
      if (child.exitCode === null) process.kill(pid, 'SIGKILL');
      await result;
      await cleanUp(room);
    },
  );

  test('of the first process between its start and its command, start has an end', async () => {
    const {room} = at;
    room.write('exec sleep 100');
    expect(await room.create()).toMatchObject({status: 0});
    const {pid} = await room.state();
    const tracer = room.launch('strace', [
      ...['-qq', '-o', '/dev/null', '-e', 'trace=execve', '-e', 'inject=execve:signal=SIGKILL'],
      ...['-p', String(pid)],
    ]);
    await expect.poll(() => tracerOf(pid)).not.toBe(0);
    await startInTime(room, {name: 'execve', nth: 1});
    await tracer.result;
    expect(await room.state()).toMatchObject({status: 'stopped', pid: 0});
    await cleanUp(room);
  });
});

async function startInTime(room: Room, barrier: Barrier) {
  const before = performance.now();
  const result = await room.oci(['start', room.id]);
  expect(performance.now() - before, JSON.stringify(barrier)).toBeLessThan(startMs);
  expect(result.status).toBeOneOf([0, 1]);
  return result;
}

async function cleanUp(room: Room, barrier?: Barrier): Promise<void> {
  const {status, stderr} = await room.oci(['delete', '--force', room.id]);
  expect({status, stderr}, JSON.stringify(barrier)).toEqual({status: 0, stderr: ''});
  await expect
    .poll(() => room.left(), {message: JSON.stringify(barrier), timeout: 3000, interval: 10})
    .toEqual([]);
}

function tracerOf(pid: number): number {
  return Number(/TracerPid:\t(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
