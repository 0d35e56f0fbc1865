import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import type {Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {binPath, environmentOf} from '../e2e/harness/run.ts';
import {layoutPath, makeImages} from '../vm/guest/image.ts';

/** An image that is unpacked in a person's store, by its id. */
export function imageOf(person: Person): string {
  const {work} = roomOf(person);
  const tree = join(work, 'images');
  if (!existsSync(tree)) makeImages(tree, join(work, 'layers'));
  succeed(person, ['run', `oci:${join(tree, layoutPath)}:few`, '/bin/true']);
  return succeed(person, ['images', '-q']).trim();
}

/** All that a person keeps but containers, in the end of a test. */
export function forgetImages(person: Person): void {
  const {state} = roomOf(person);
  for (const name of readdirSync(state)) {
    if (name === 'containers' || name === 'ranges') continue;
    rmSync(join(state, name), {recursive: true, force: true});
  }
}

function succeed(person: Person, words: readonly string[]): string {
  const {uid, gid} = person;
  const {status, stdout, stderr} = spawnSync(binPath(), words, {
    encoding: 'utf8',
    env: environmentOf(person),
    ...(uid === 0 ? {} : {uid, gid}),
  });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
}
