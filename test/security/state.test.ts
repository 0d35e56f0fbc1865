import {chmodSync, existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {encodePlan, operation} from '@minicontainer/plan';
import {expect, it} from 'vitest';
import {familyOf} from '../e2e/harness/family.ts';
import {
  describeEach,
  describeRoot,
  isRoot,
  type Person,
  people,
  someone,
} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {launch, run, start} from '../e2e/harness/run.ts';
import {give} from '../e2e/harness/system.ts';
import {bash} from '../e2e/harness/words.ts';
import {prepare} from './harness/prepared.ts';

/** What another user finds of a text in files, by name or in what they hold. */
async function findAs(other: Person, text: string, paths: readonly string[]): Promise<string> {
  const words = ['-rls', '-e', text, ...paths];
  return (await launch('grep', words, {as: other, cwd: '/'}).result).stdout;
}

describeRoot('what is kept of a container while it runs', () => {
  const plain = people.filter(({exists, uid}) => exists && uid !== 0);

  it.each(people.filter(({exists}) => exists))(
    'can be read by no other user (CVE-2021-41091), as $name',
    async (person) => {
      const other = plain.find(({uid}) => uid !== person.uid);
      expect.assert(other);
      const {state} = roomOf(person);
      const container = start(['run', '-e', 'SECRET', ...bash('echo ready; read line')], {
        as: person,
        stdin: 'open',
        env: {SECRET: 'of-the-caller'},
      });
      await container.printed('ready');
      expect(await findAs(other, 'of-the-caller', [state])).toBe('');
      // Without the mode of its directories it could.
      const [id = ''] = readdirSync(join(state, 'containers'));
      for (const path of ['', 'containers', `containers/${id}`])
        chmodSync(join(state, path), 0o755);
      for (const file of ['config.json', 'plan']) {
        chmodSync(join(state, 'containers', id, file), 0o644);
      }
      expect(await findAs(other, 'of-the-caller', [state])).not.toBe('');
      container.stdin.end('\n');
      await container.result;
    },
  );
});

describeEach('a secret in the environment of a container', (person) => {
  it('stands in no command line that ps shows (CVE-2019-13509)', async () => {
    const reader = isRoot
      ? (people.find(({exists, uid}) => exists && uid !== person.uid) ?? person)
      : person;
    const secret = 'not-for-ps';
    const given = [
      {words: ['-e', 'SECRET'], env: {SECRET: secret}},
      // Node becomes nsexec, and its words go with it.
      {words: ['-e', `SECRET=${secret}`], env: {}},
    ];
    for (const {words, env} of given) {
      const container = start(['run', '--init', ...words, ...bash('echo ready; read line')], {
        as: person,
        stdin: 'open',
        env,
      });
      await container.printed('ready');
      const pids = [container.pid, ...familyOf(container.pid).all.map(({pid}) => pid)];
      expect(pids.length).toBeGreaterThan(2);
      const files = pids.map((pid) => `/proc/${pid}/cmdline`);
      expect(await findAs(reader, secret, files)).toBe('');
      // They can be read: each holds what it executes.
      expect(await findAs(reader, 'nsexec', files)).not.toBe('');
      container.stdin.end('\n');
      await container.result;
    }
  });
});

describeRoot('what is left of a run that was killed', () => {
  it.each(people.filter(({exists, uid}) => exists && uid !== 0))(
    'is cleaned up by its owner alone: the plan in it is obeyed, as $name',
    async (stranger) => {
      const {plan, path} = await prepare(['/bin/true'], {as: stranger});
      const victim = join(roomOf(someone).work, 'victim');
      writeFileSync(victim, 'of root\n');
      const hostile = operation('ending', 'removeFile', {path: victim}, 'only root may');
      writeFileSync(path, encodePlan({...plan, operations: [...plan.operations, hostile]}));
      const {state} = roomOf(stranger);
      const asRoot = {as: someone, env: {MINICONTAINER_ROOT: state}};
      const {status, stderr} = await run(['/bin/true'], asRoot);
      expect(existsSync(victim)).toBe(true);
      expect(status).toBe(125);
      expect(stderr).toMatch(/^minicontainer: .* belongs to another user.*\nhint: .*\n$/);
      // Were it root's own, root would obey.
      give(state, someone);
      expect(await run(['/bin/true'], asRoot)).toMatchObject({status: 0});
      expect(existsSync(victim)).toBe(false);
    },
  );

  it.each([0o775, 0o777, 0o1777])('is in no directory with mode %o', async (mode) => {
    const {state} = roomOf(someone);
    chmodSync(state, mode);
    const {status, stderr} = await run(['/bin/true']);
    expect({status, stderr}).toEqual({
      status: 125,
      stderr: expect.stringMatching(/ can be written by other users\nhint: chmod go-w /),
    });
  });
});
