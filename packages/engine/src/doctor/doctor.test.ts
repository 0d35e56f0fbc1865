import {MinicontainerError} from '@minicontainer/errors';
import {findNsexec} from '@minicontainer/nsexec';
import {beforeEach, describe, expect, test, vi} from 'vitest';
import {run} from '../run.ts';
import {doctor} from './doctor.ts';

vi.mock('../run.ts');
vi.mock('@minicontainer/nsexec');

beforeEach(() => {
  vi.mocked(run).mockResolvedValue({exitCode: 0, stdout: '', stderr: '', outOfMemoryKills: 0});
  vi.mocked(findNsexec).mockReturnValue('/there/nsexec');
});

async function check(name: string) {
  return (await doctor()).find((each) => each.name === name);
}

describe('the doctor', () => {
  test('says of each thing what was found, and what to do where it is not well', async () => {
    const checks = await doctor();
    expect(checks.map(({name}) => name)).toEqual(
      expect.arrayContaining(['nsexec', 'user namespaces', 'AppArmor', 'cgroups', 'a container']),
    );
    expect(checks.map(({name}) => name)).toEqual(expect.arrayContaining(['seccomp', 'Landlock']));
    for (const {found, ok, fix} of checks) {
      expect(found).not.toBe('');
      expect([true, false, 'warn']).toContain(ok);
      if (ok === false) expect(fix).toBeDefined();
    }
  });

  test('looks at subordinate ids for a plain user', async () => {
    vi.spyOn(process, 'geteuid').mockReturnValue(4000000000);
    const names = (await doctor()).map(({name}) => name);
    expect(names).toEqual(expect.arrayContaining(['subordinate ids', 'newuidmap']));
    vi.spyOn(process, 'geteuid').mockReturnValue(0);
    expect((await doctor()).map(({name}) => name)).not.toContain('newuidmap');
  });

  test('tries a container, and passes on why there is none', async () => {
    expect(await check('a container')).toMatchObject({ok: true});
    vi.mocked(run).mockRejectedValue(
      new MinicontainerError('EUSERNS', 'the host allows none', {hint: 'ask for it'}),
    );
    expect(await check('a container')).toEqual({
      group: 'and all together',
      name: 'a container',
      ok: false,
      found: 'the host allows none',
      fix: 'ask for it',
    });
  });

  test('goes on where there is no place for the state, and ends with the container', async () => {
    vi.stubEnv('MINICONTAINER_ROOT', 'relative');
    const checks = await doctor();
    vi.unstubAllEnvs();
    expect(checks).toContainEqual({
      group: 'files',
      name: 'files',
      ok: 'warn',
      found: expect.stringMatching(/not absolute/),
    });
    expect(checks.at(-1)?.name).toBe('a container');
  });

  test('says when nsexec is missing, and goes on', async () => {
    vi.mocked(findNsexec).mockImplementation(() => {
      throw new MinicontainerError('ENSEXEC', 'it is missing', {hint: 'install it'});
    });
    expect(await check('nsexec')).toEqual({
      group: 'program',
      name: 'nsexec',
      ok: false,
      found: 'it is missing',
      fix: 'install it',
    });
  });
});
