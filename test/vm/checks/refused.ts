import assert from 'node:assert/strict';
import {chownSync, cpSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {minicontainer, type Result, start} from './command.ts';
import {tmpfsHasIdmaps, tmpfsHasUserAttributes} from './kernel.ts';
import {type Person, root} from './people.ts';

const replace = 'rm -r /material/tree && mkdir /material/tree && echo replaced';

/** What fails after the upper directory was made, and what cannot be had from this kernel. */
export function refused(person: Person): Check[] {
  return [failedMount(person), oddName(person), stateInMemory(person)];
}

function failedMount(person: Person): Check {
  return check(
    `a run of ${person.name}'s that fails halfway says why and leaves nothing`,
    async () => {
      const {status, stderr} = await minicontainer(person, [
        ...['run', '--rootfs', `${join(person.home, 'system')}:O`, '-v', '/tmp:/bin/busybox/below'],
        ...['sh', '-c', 'echo never'],
      ]);
      assert.equal(status, 125);
      assert.match(stderr, /^minicontainer: .*bin\/busybox\/below .*ENOTDIR.*\nhint: /);
    },
  );
}

/** A comma parts the options of an overlay before Linux 6.5, and an option has at most 255 bytes. */
function oddName(person: Person): Check {
  return check(`${person.name} names --rootfs DIR:O as it likes`, async () => {
    const directory = join(person.home, 'system');
    const odd = join(person.home, `a,b:c\\d ${'e'.repeat(230)}`);
    renameSync(directory, odd);
    try {
      const words = ['run', '--rootfs', `${odd}:O`, 'sh', '-c', replace];
      assert.equal(shown(await minicontainer(person, words)), 'replaced\n');
      if (person.uid !== 0) return;
      const shared = ['run', '--userns', 'host', ...words.slice(1)];
      assert.equal(shown(await minicontainer(person, shared)), 'replaced\n');
    } finally {
      renameSync(odd, directory);
    }
  });
}

function stateInMemory(person: Person): Check {
  const outcome = tmpfsHasUserAttributes ? 'works' : 'names another place';
  return check(`with its state in memory ${person.name}'s --rootfs DIR:O ${outcome}`, async () => {
    const state = '/tmp/state';
    mkdirSync(state);
    chownSync(state, person.uid, person.uid);
    try {
      const running = start(person, [
        ...['env', `MINICONTAINER_ROOT=${state}`, 'minicontainer', 'run'],
        ...['--rootfs', `${join(person.home, 'system')}:O`, 'sh', '-c', replace],
      ]);
      const result = await running.result;
      if (tmpfsHasUserAttributes) assert.equal(shown(result), 'replaced\n');
      else assertRefused(result, /extended attributes: ENOTSUP\nhint: set MINICONTAINER_ROOT/);
    } finally {
      rmSync(state, {recursive: true});
    }
  });
}

/** Where owners cannot be shifted nothing else is done in silence. */
export function rootfsInMemory(): Check {
  const outcome = tmpfsHasIdmaps ? 'are shifted' : 'can only be shared';
  return check(`owners of a --rootfs in memory ${outcome}`, async () => {
    const directory = '/tmp/system';
    cpSync('/root/system', directory, {recursive: true, verbatimSymlinks: true});
    try {
      const words = ['--rootfs', `${directory}:O`, 'sh', '-c', replace];
      const result = await minicontainer(root, ['run', ...words]);
      if (tmpfsHasIdmaps) assert.equal(shown(result), 'replaced\n');
      else assertRefused(result, /EINVAL.*\nhint: .*--userns host/);
      const shared = await minicontainer(root, ['run', '--userns', 'host', ...words]);
      assert.equal(shown(shared), 'replaced\n');
    } finally {
      rmSync(directory, {recursive: true});
    }
  });
}

function assertRefused({status, stdout, stderr}: Result, how: RegExp): void {
  assert.equal(status, 125, stdout + stderr);
  assert.match(stderr, how);
}

/** With what it complained about, for an assertion that fails. */
function shown({stdout, stderr}: Result): string {
  return stdout + stderr;
}
