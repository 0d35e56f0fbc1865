import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {lockFile} from './harness/lock.ts';
import {useRoom} from './harness/room.ts';

const rounds = process.env.MINICONTAINER_TEST_LONG === '1' ? 50 : 6;
const many = 50;
const patienceMs = 180_000;

describe(
  'of commands at the same time',
  () => {
    const at = useRoom();

    test('one start wins, and the others say why not', async () => {
      for (let round = 0; round < rounds; round++) {
        at.room.write('exec sleep 100');
        await created();
        const results = await Promise.all(
          [1, 2, 3, 4].map(() => at.room.oci(['start', at.room.id])),
        );
        expect(results.filter(({status}) => status === 0)).toHaveLength(1);
        for (const {stderr} of results.filter(({status}) => status !== 0)) {
          expect(stderr).toMatch(/it is running, not created|another start is at work/);
        }
        await at.room.must(['delete', '--force', at.room.id]);
      }
    });

    test('one delete does it, and the others find nothing', async () => {
      for (let round = 0; round < rounds; round++) {
        at.room.write('exec sleep 100');
        await created();
        const results = await Promise.all(
          [1, 2, 3, 4].map(() => at.room.oci(['delete', at.room.id])),
        );
        expect(results.filter(({status}) => status === 0)).toHaveLength(1);
        for (const {stderr} of results.filter(({status}) => status !== 0)) {
          expect(stderr).toMatch('does not exist');
        }
        expect(at.room.left()).toEqual([]);
      }
    });

    test('every delete --force succeeds', async () => {
      for (let round = 0; round < rounds; round++) {
        at.room.write('exec sleep 100');
        await created();
        const words = ['delete', '--force', at.room.id];
        const results = await Promise.all([1, 2, 3, 4].map(() => at.room.oci(words)));
        expect(results.map(({status}) => status)).toEqual([0, 0, 0, 0]);
        expect(at.room.left()).toEqual([]);
      }
    });

    test('one create of an id wins, and the others say that it exists', async () => {
      for (let round = 0; round < rounds; round++) {
        at.room.write('exec sleep 100');
        const results = await Promise.all([1, 2, 3].map(() => at.room.create()));
        expect(results.filter(({status}) => status === 0)).toHaveLength(1);
        for (const {stderr} of results.filter(({status}) => status !== 0)) {
          expect(stderr).toMatch('already exists');
        }
        await at.room.must(['delete', at.room.id]);
      }
    });

    test('a delete --force while it is created leaves all of it or nothing', async () => {
      at.room.write('exec sleep 100');
      const before = performance.now();
      await created();
      const takes = performance.now() - before;
      await at.room.must(['delete', at.room.id]);
      for (let round = 0; round < 4 * rounds; round++) {
        const creating = at.room.create();
        await sleep((takes * round) / (4 * rounds));
        const deleted = await at.room.oci(['delete', '--force', at.room.id]);
        expect(deleted).toMatchObject({status: 0, stderr: ''});
        const {status, stderr} = await creating;
        if (status === 0) {
          // It came after, or the delete had to wait until it was whole.
          await at.room.oci(['delete', '--force', at.room.id]);
        } else {
          expect(stderr).not.toBe('');
        }
        await at.room.expectNothingLeft();
      }
    });

    test('a delete while somebody else is at it gives up after a while, and says who', async () => {
      at.room.write('exec sleep 100');
      await created();
      const unlock = await lockFile(join(at.room.kept(), 'lock'));
      const {status, stderr} = await at.room.oci(['delete', '--force', at.room.id]);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/is being made or deleted: end process \d+ first/),
      ]);
      expect(await at.room.state()).toMatchObject({status: 'created'});
      await unlock();
      await at.room.must(['delete', at.room.id]);
    });

    test('a kill while it is started ends it, and start ends too', async () => {
      for (let round = 0; round < rounds; round++) {
        at.room.write('exec sleep 100');
        await created();
        const started = at.room.oci(['start', at.room.id]);
        await sleep(round);
        await at.room.must(['kill', at.room.id, 'KILL']);
        expect((await started).status).toBeOneOf([0, 1]);
        await expect.poll(() => at.room.state()).toMatchObject({status: 'stopped'});
        await at.room.must(['delete', at.room.id]);
      }
    });

    test(`${many} containers come and go`, async () => {
      at.room.write('exec sleep 100');
      const ids = Array.from({length: many}, (_, n) => `${at.room.id}-${n}`);
      const lives = ids.map(async (id) => {
        expect(await at.room.create(id, {timeoutMs: patienceMs})).toMatchObject({status: 0});
        await at.room.must(['start', id]);
        expect(await at.room.state(id)).toMatchObject({status: 'running'});
        await at.room.must(['delete', '--force', id]);
      });
      await Promise.all(lives);
    });

    async function created(): Promise<void> {
      expect(await at.room.create()).toMatchObject({status: 0});
    }
  },
  patienceMs,
);
