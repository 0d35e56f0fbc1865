import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from '../check.ts';
import {start} from '../command.ts';
import type {Person} from '../people.ts';

const rules = 'file, capability, network, mount, umount, pivot_root, ptrace, signal, unix,';
const profiles = ['minicontainer-own', 'minicontainer-other']
  .map((name) => `profile ${name} flags=(attach_disconnected,mediate_deleted) {\n${rules}\n}\n`)
  .join('');
const current = ['cat', '/proc/self/attr/current'];

/** Under AppArmor a process that joins a container is confined as that is, or as it says. */
export function labelledExec(person: Person): Check {
  return check(
    `a process that joins ${person.name}'s container has its AppArmor profile`,
    async () => {
      const place = join(person.home, 'labelled');
      mkdirSync(place);
      cpSync(join(person.home, 'system'), join(place, 'rootfs'), {
        ...{recursive: true, verbatimSymlinks: true},
      });
      writeFileSync(join(place, 'config.json'), JSON.stringify(configOf(person)));
      execFileSync('chown', ['-R', `${person.uid}:${person.uid}`, place]);
      apparmor('--replace');
      try {
        await ours(person, place, ['run', '--detach', '--bundle', place, 'labelled']);
        const told = await ours(person, place, ['exec', 'labelled', ...current]);
        assert.equal(told, 'minicontainer-own (enforce)\n');
        const flags = ['--apparmor', 'minicontainer-other'];
        const other = await ours(person, place, ['exec', ...flags, 'labelled', ...current]);
        assert.equal(other, 'minicontainer-other (enforce)\n');
      } finally {
        await ours(person, place, ['delete', '--force', 'labelled']);
        apparmor('--remove');
        rmSync(place, {recursive: true});
      }
    },
  );
}

function configOf({uid}: Person): object {
  const map = [{containerID: 0, hostID: uid, size: 1}];
  const types = ['mount', 'pid', 'ipc', 'uts', ...(uid === 0 ? [] : ['user'])];
  return {
    ociVersion: '1.2.0',
    root: {path: 'rootfs'},
    process: {
      ...{args: ['sleep', '1000'], cwd: '/', env: ['PATH=/bin']},
      apparmorProfile: 'minicontainer-own',
    },
    mounts: [{destination: '/proc', type: 'proc'}],
    linux: {
      namespaces: types.map((type) => ({type})),
      // So that no procfs could be mounted anew in there.
      maskedPaths: ['/proc/kcore'],
      ...(uid !== 0 && {uidMappings: map, gidMappings: map}),
    },
  };
}

function apparmor(action: '--replace' | '--remove'): void {
  execFileSync('apparmor_parser', [action], {input: profiles, stdio: ['pipe', 'pipe', 'pipe']});
}

/** Its streams are files: who reads a pipe waits for the container. */
async function ours(person: Person, place: string, words: readonly string[]): Promise<string> {
  const line = `minicontainer-oci --root ${place}/state "$@" </dev/null >${place}/out 2>${place}/err`;
  const {status} = await start(person, ['sh', '-c', line, 'sh', ...words]).result;
  const [stdout = '', stderr] = ['out', 'err'].map((name) =>
    readFileSync(join(place, name), 'utf8'),
  );
  assert.equal(status, 0, stderr);
  return stdout;
}
