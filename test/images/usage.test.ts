import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer, start} from '../e2e/harness/run.ts';
import {fixture, storedFiles, succeed} from './harness/commands.ts';

// df accounts for every byte of the store, and prune leaves nothing that no reference reaches.

/** As du sees it, who may look into everything. */
function measured(person: Person): number {
  const {stdout} = spawnSync('du', ['-s', '-B1', roomOf(person).state], {encoding: 'utf8'});
  return Number(stdout.split('\t')[0]);
}

async function told(person: Person): Promise<number> {
  const lines = (await succeed(['df', '--format', '{{.RawSize}}'], person)).trim().split('\n');
  return lines.map(Number).reduce((sum, one) => sum + one, 0);
}

describeEach('the bytes of a store', (person) => {
  test('are told by df as du counts them, whatever is there', async () => {
    for (const tag of ['everything', 'layers-100', 'busybox-zstd']) {
      await succeed(['pull', '-q', fixture(tag)], person);
      expect(await told(person), tag).toBe(measured(person));
    }
    await succeed(['tag', fixture('busybox-zstd'), 'other:name'], person);
    await succeed(['rmi', fixture('everything')], person);
    expect(await told(person)).toBe(measured(person));
    // What killed pulls have left, and what others have put there, is counted too.
    writeFileSync(join(roomOf(person).state, 'ingest/left'), Buffer.alloc(100_000));
    writeFileSync(join(roomOf(person).state, 'stray'), Buffer.alloc(50_000));
    expect(await told(person)).toBe(measured(person));
    await succeed(['prune', '-f', '-a'], person);
    expect(storedFiles(person)).toEqual([]);
    expect(await told(person)).toBe(measured(person));
  });

  test('are freed by prune, but what a reference reaches', async () => {
    await succeed(['pull', '-q', fixture('everything')], person);
    await succeed(['tag', fixture('everything'), 'kept'], person);
    await succeed(['pull', '-q', fixture('sparse')], person);
    await succeed(['rmi', fixture('everything')], person);
    await succeed(['rmi', fixture('sparse')], person);
    const before = measured(person);
    await succeed(['prune', '-f'], person);
    expect(measured(person)).toBeLessThanOrEqual(before);
    expect(await succeed(['run', '--network', 'none', 'kept', 'echo', 'still here'], person)).toBe(
      'still here\n',
    );
    await succeed(['rmi', 'kept'], person);
    await succeed(['prune', '-f'], person);
    expect(storedFiles(person)).toEqual([]);
  });

  test('are right while other commands run', {timeout: 120_000}, async () => {
    const tags = ['everything', 'sparse', 'delete-and-make'];
    const work = tags.map(async (tag) => {
      for (let round = 0; round < 2; round++) {
        await succeed(['pull', '-q', fixture(tag)], person);
        const {stdout} = await start(['run', '--network', 'none', fixture(tag), 'echo', tag], {
          as: person,
          timeoutMs: 60_000,
        }).result;
        expect(stdout).toBe(`${tag}\n`);
        await succeed(['rmi', fixture(tag)], person);
      }
    });
    let working = true;
    const watching = (async () => {
      while (working) {
        await succeed(['prune', '-f'], person);
        const {status, stderr} = await minicontainer(['df'], {as: person});
        expect(status, stderr).toBe(0);
      }
    })();
    await Promise.all(work);
    working = false;
    await watching;
    await succeed(['prune', '-f', '-a'], person);
    expect(storedFiles(person)).toEqual([]);
    expect(await told(person)).toBe(measured(person));
  });
});
