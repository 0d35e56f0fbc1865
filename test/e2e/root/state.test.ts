import {existsSync, readdirSync, readFileSync, statSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {minicontainer, run, start} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

const unset = {MINICONTAINER_ROOT: undefined};

describeEach('the state of containers', (person) => {
  it('is kept where it belongs, closed to others', async () => {
    const {home} = roomOf(person);
    expect(await run(['/bin/true'], {as: person, env: unset})).toMatchObject({status: 0});
    const state =
      person.uid === 0 ? '/var/lib/minicontainer' : join(home, '.local/share/minicontainer');
    expect((statSync(join(state, 'containers')).mode & 0o777).toString(8)).toBe('700');
    expect((statSync(state).mode & 0o777).toString(8)).toBe('700');
  });

  it('is kept where XDG_DATA_HOME says, by a plain user', async () => {
    const data = join(roomOf(person).work, 'data');
    const env = {...unset, XDG_DATA_HOME: data};
    expect(await run(['/bin/true'], {as: person, env})).toMatchObject({status: 0});
    expect(existsSync(join(data, 'minicontainer/containers'))).toBe(person.uid !== 0);
  });

  it('is one directory while a container runs, which nobody else can read', async () => {
    const {state} = roomOf(person);
    const container = start(['run', ...bash('echo ready; read line')], {as: person, stdin: 'open'});
    await container.printed('ready');
    const [id = '', ...others] = readdirSync(join(state, 'containers'));
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(others).toEqual([]);
    const directory = join(state, 'containers', id);
    expect((statSync(directory).mode & 0o777).toString(8)).toBe('700');
    expect(readdirSync(directory).sort()).toEqual(
      expect.arrayContaining(['config.json', 'lock', 'plan']),
    );
    const {process} = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'));
    // As Podman's, where the kernel allows groups at all.
    const groups = person.ids === 'single' ? {} : {additionalGids: [0]};
    expect(process.user).toEqual({uid: 0, gid: 0, ...groups});
    // A run beside it must not take it for abandoned.
    await run(['/bin/true'], {as: person});
    expect(readdirSync(join(state, 'containers'))).toEqual([id]);
    container.stdin.end('\n');
    expect(await container.result).toMatchObject({status: 0});
    expect(readdirSync(join(state, 'containers'))).toEqual([]);
  });

  it.each(['images', 'df', 'prune -f', 'pull localhost:1/x', 'run /bin/true', 'run localhost:1/x'])(
    'cannot be where the kernel keeps its own: %s',
    async (line) => {
      const words = line.split(' ');
      const link = join(roomOf(person).work, 'link');
      if (!existsSync(link)) symlinkSync('/proc/self', link);
      // For Node the last part of each is never there, and all before it are.
      const places: NodeJS.ProcessEnv[] = [
        {MINICONTAINER_ROOT: '/proc/1/x'},
        {MINICONTAINER_ROOT: join(link, 'x/y')},
        ...(person.uid === 0 ? [] : [{...unset, XDG_DATA_HOME: '/proc/1/x'}]),
      ];
      for (const env of places) {
        const {status, stderr} = await minicontainer(words, {as: person, env, timeoutMs: 20_000});
        expect([status, stderr]).toEqual([
          125,
          expect.stringMatching(
            /^minicontainer: .*\/x.*(ENOENT|EACCES)\nhint: .*MINICONTAINER_ROOT/,
          ),
        ]);
      }
    },
  );

  it('serves many containers that start and end at once', async () => {
    const results = await Promise.all(
      Array.from({length: 12}, (_, index) =>
        run(bash(`echo x > /etc/own; cat /proc/self/uid_map | head -1; exit ${index}`), {
          as: person,
        }),
      ),
    );
    expect(results.map(({status}) => status)).toEqual(results.map((_, index) => index));
    expect(results.map(({stderr}) => stderr).join('')).toBe('');
  });
});
