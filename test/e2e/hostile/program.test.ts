import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chmodSync, copyFileSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach, describeRoot, isRoot, people} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {launch, nsexecPath, run} from '../harness/run.ts';
import {makeSystem, plant} from '../harness/system.ts';

function fingerprint(): string[] {
  return [nsexecPath(), process.execPath].map((path) =>
    createHash('sha256').update(readFileSync(path)).digest('hex'),
  );
}

describeEach('the program that starts containers', (person) => {
  const flags =
    isRoot && person.uid === 0 ? [[[]], [['--userns', 'host']], [['--privileged']]] : [[[]]];

  describe.each(flags)('with %j', (given: string[]) => {
    it('cannot be overwritten by a command that executes /proc/self/exe', async () => {
      const before = fingerprint();
      const root = makeSystem(person);
      writeFileSync(join(root, 'script'), '#!/proc/self/exe\n');
      chmodSync(join(root, 'script'), 0o755);
      plant(root, 'link', '/proc/self/exe', person);
      for (const command of ['/script', '/link', '/proc/self/exe', '/proc/1/exe']) {
        const {status} = await run([...given, '--rootfs', root, command], {as: person});
        expect(status).not.toBe(0);
      }
      expect(fingerprint()).toEqual(before);
    });

    it('cannot be overwritten through the init that it leaves inside', async () => {
      const before = fingerprint();
      const script = `
for mode in '>' '>>' '<>'; do (eval "exec 3$mode /proc/1/exe") 2>/dev/null && echo "opened $mode"; done
cat /proc/1/exe > /dev/null 2>&1; cp /bin/true /proc/1/exe 2> /dev/null; true`;
      const {stdout} = await run([...given, '--init', '/bin/bash', '-c', script], {as: person});
      expect(stdout).toBe('');
      expect(fingerprint()).toEqual(before);
    });
  });
});

describeRoot('nsexec', () => {
  it.each(people.filter(({exists, uid}) => exists && uid !== 0))(
    'refuses to run as a set-user-ID program, as $name',
    async (person) => {
      const file = join(roomOf(person).work, 'nsexec');
      copyFileSync(nsexecPath(), file);
      spawnSync('chown', ['0:0', file]);
      chmodSync(file, 0o4755);
      const {status, stderr} = await launch(file, ['0'], {as: person}).result;
      expect(status).toBe(125);
      expect(stderr).toMatch(/^nsexec: refuses to run with the privileges of a set-user-ID file\n/);
    },
  );
});
