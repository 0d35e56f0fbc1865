import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeEach, expect, inject, test} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer, run, start} from '../e2e/harness/run.ts';
import {fixture, refused, succeed} from './harness/commands.ts';
import {Registry} from './harness/registry.ts';

// `run IMAGE`, as Docker and Podman run it.

describeEach('run IMAGE', (person) => {
  const settings = fixture('settings');
  const printed = (words: readonly string[]) =>
    succeed(['run', '--network', 'none', ...words], person);
  /** Who has one id is root and nobody else. */
  const user = person.ids === 'single' ? ['-u', '0'] : [];

  beforeEach(async () => {
    await succeed(['pull', '-q', settings], person);
  });

  test('fetches an image that is not there, once', async () => {
    await using registry = await Registry.start({
      storage: inject('images').storage,
      readOnly: true,
    });
    const image = `${registry.host}/fixtures/busybox`;
    expect(await printed([image, 'echo', 'one'])).toBe('one\n');
    const requests = registry.requests.length;
    expect(requests).toBeGreaterThan(2);
    expect(await printed([image, 'echo', 'two'])).toBe('two\n');
    expect(registry.requests).toHaveLength(requests);
    await printed(['--pull', 'always', image, 'true']);
    const asked = registry.requests.slice(requests);
    expect(asked.some(({path}) => path.includes('/manifests/'))).toBe(true);
    expect(asked.some(({path}) => path.includes('/blobs/'))).toBe(false);
  });

  test('never fetches where that is forbidden', async () => {
    const stderr = await refused(['run', '--pull', 'never', fixture('busybox'), 'true'], person);
    expect(stderr).toContain('busybox');
  });

  test('runs the entrypoint with the command behind it', async () => {
    expect(await printed([...user, settings])).toBe('entry by default\n');
    expect(await printed([...user, settings, 'other', 'words'])).toBe('entry other words\n');
    expect(await printed([...user, '--entrypoint', '/bin/pwd', settings])).toBe('/work/dir\n');
    expect(await printed([...user, '--entrypoint', '', settings, 'echo', 'bare'])).toBe('bare\n');
    const nothing = await refused(
      ['run', '--network', 'none', ...user, '--entrypoint', '', settings],
      person,
    );
    expect(nothing).toMatch(/no command/i);
  });

  test('has the image’s environment, which flags add to and change', async () => {
    const env = ['--entrypoint', 'env', '-e', 'COLOUR=red', '-e', 'NEW=1'];
    const lines = (await printed([...user, ...env, settings])).split('\n');
    for (const line of ['PATH=/bin', 'COLOUR=red', 'EMPTY=', 'SPACES=a b  c', 'NEW=1']) {
      expect(lines).toContain(line);
    }
  });

  test('starts in the image’s directory, which is made', async () => {
    expect(await printed([...user, '--entrypoint', 'pwd', settings])).toBe('/work/dir\n');
    expect(await printed([...user, '-w', '/tmp', '--entrypoint', 'pwd', settings])).toBe('/tmp\n');
  });

  if (person.ids !== 'single')
    test('is the image’s user, by its own passwd', async () => {
      expect(await printed(['--entrypoint', 'id', settings])).toBe(
        'uid=1234(worker) gid=1235(workers) groups=1235(workers),2000(extra)\n',
      );
      expect(await printed(['--entrypoint', 'env', settings])).toContain('HOME=/home/worker\n');
      expect(await printed(['-u', 'web', '--entrypoint', 'id', settings])).toMatch(
        /^uid=33\(web\)/,
      );
      // A name of the host's that the image has not.
      const stderr = await refused(
        ['run', '--network', 'none', '-u', 'daemon', settings, 'true'],
        person,
      );
      expect(stderr).toContain('daemon');
    });

  test('has a volume of its own where the image wants one', async () => {
    const mounts = await printed([...user, '--entrypoint', 'cat', settings, '/proc/mounts']);
    expect(mounts).toMatch(/ \/data /);
    expect(mounts).toMatch(/ \/srv /);
    // What a person mounts there is there instead.
    const file = join(roomOf(person).work, 'file');
    writeFileSync(file, 'mine\n');
    const bind = ['-v', `${roomOf(person).work}:/data:ro`];
    expect(await printed([...bind, '-u', '0', '--entrypoint', 'cat', settings, '/data/file'])).toBe(
      'mine\n',
    );
  });

  test('what a container writes is gone with it', async () => {
    const image = fixture('busybox');
    await printed([image, 'sh', '-c', 'echo changed > /etc/passwd; rm /bin/ls; touch /new']);
    expect(
      await printed([image, 'sh', '-c', 'head -1 /etc/passwd 2>/dev/null || cat /etc/passwd']),
    ).toContain('root:x:0:0');
    expect(await printed([image, 'ls', '/'])).not.toContain('new');
  });

  test('ends on the image’s stop signal', async () => {
    const script = 'trap "echo usr1; exit 7" USR1; echo ready; while :; do sleep 0.05; done';
    const started = start(
      ['run', '--network', 'none', ...user, '--entrypoint', 'sh', settings, '-c', script],
      {as: person},
    );
    await started.printed('ready');
    started.process.kill('SIGTERM');
    const {status, stdout} = await started.result;
    expect([stdout, status]).toEqual(['ready\nusr1\n', 7]);
  });

  test('runs on 128 layers', async () => {
    const image = fixture('layers-128');
    expect(await printed([image, 'cat', '/last'])).toBe('127');
    expect(await printed([image, 'sh', '-c', 'ls /steps | wc -l'])).toBe('115\n');
  });

  test('runs by id, by digest and by tag', async () => {
    const id = (await succeed(['images', '-q', '--no-trunc', settings], person)).trim();
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
    const named = await succeed(
      ['inspect', '--format', '{{index .RepoDigests 0}}', settings],
      person,
    );
    for (const name of [id, id.slice(7), id.slice(7, 19), named.trim()]) {
      expect(await printed([...user, name])).toBe('entry by default\n');
    }
  });

  test('a directory that is named as an image would be is no image', async () => {
    const {status, stderr} = await run(['--pull', 'never', 'system', 'true'], {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(/no image|not here|unknown/i);
  });

  test('a command of the host is still one that begins with a slash', async () => {
    const {stdout} = await minicontainer(['run', '/bin/echo', 'host view'], {as: person});
    expect(stdout).toBe('host view\n');
  });
});
