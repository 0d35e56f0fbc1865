import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {describeEach, isRoot, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {fixture, succeed} from './harness/commands.ts';

// A store is an OCI layout: what others find in it, while it is in use.

const execute = promisify(execFile);

async function namesFor(person: Person): Promise<string[]> {
  const {stdout} = await execute('umoci', ['ls', '--layout', roomOf(person).state]);
  return stdout.trim().split('\n').filter(Boolean).sort();
}

async function digestFor(person: Person, name: string): Promise<string> {
  const image = `oci:${roomOf(person).state}:${name}`;
  const {stdout} = await execute('skopeo', ['inspect', '--format', '{{.Digest}}', image]);
  return stdout.trim();
}

describeEach('a store is a layout for others', (person) => {
  test('who find each name that there is, and no other', async () => {
    const [busybox, many] = [fixture('busybox'), fixture('many-platforms')];
    await succeed(['pull', '-q', busybox], person);
    await succeed(['pull', '-q', many], person);
    await succeed(['tag', busybox, 'other:1'], person);
    const other = 'docker.io/library/other:1';
    expect(await namesFor(person)).toEqual([other, `${busybox}:latest`, `${many}:latest`].sort());
    expect(await digestFor(person, other)).toBe(await digestFor(person, `${busybox}:latest`));
    // Of an image for many, the one that is here.
    expect(await digestFor(person, `${many}:latest`)).toMatch(/^sha256:/);
    await succeed(['tag', many, 'other:1'], person);
    expect(await digestFor(person, other)).toBe(await digestFor(person, `${many}:latest`));
    await succeed(['rmi', busybox, many], person);
    expect(await namesFor(person)).toEqual([other]);
    await succeed(['rmi', 'other:1'], person);
    await succeed(['prune', '-f', '-a'], person);
    expect(await namesFor(person)).toEqual([]);
  });

  test.runIf(isRoot)('who unpack from it, and copy it', async () => {
    const name = `${fixture('everything')}:latest`;
    const {state, work} = roomOf(person);
    await succeed(['pull', '-q', name], person);
    await execute('umoci', ['unpack', '--image', `${state}:${name}`, join(work, 'bundle')]);
    expect(existsSync(join(work, 'bundle/rootfs/bin/busybox'))).toBe(true);
    await execute('skopeo', ['copy', '-q', `oci:${state}:${name}`, `dir:${join(work, 'copy')}`]);
    expect(existsSync(join(work, 'copy/manifest.json'))).toBe(true);
  });
});
