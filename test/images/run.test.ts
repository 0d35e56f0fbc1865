import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
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
    expect(nothing).toMatch(/what to run/);
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
      expect(await printed(['--entrypoint', 'env', settings])).toContain('HOME=/home/worker\n');
      // A name of the host's that the image has not.
      const stderr = await refused(
        ['run', '--network', 'none', '-u', 'daemon', settings, 'true'],
        person,
      );
      expect(stderr).toContain('daemon');
    });

  // Without its own group among them, a process could give up what a file denies to that group
  // (CVE-2022-36109, CVE-2022-2989). All but the first as Podman's.
  if (person.ids !== 'single')
    test.each([
      [['-u', '0:0'], 'uid=0(root) gid=0(root) groups=0(root)'],
      [[], 'uid=1234(worker) gid=1235(workers) groups=1235(workers),2000(extra)'],
      [['-u', '1234'], 'uid=1234(worker) gid=1235(workers) groups=1235(workers),2000(extra)'],
      [['-u', 'worker:web'], 'uid=1234(worker) gid=33(web) groups=33(web)'],
      [['-u', 'web'], 'uid=33(web) gid=33(web) groups=33(web)'],
      [['-u', '77'], 'uid=77 gid=0(root) groups=0(root)'],
      [['-u', '77:78'], 'uid=77 gid=78 groups=78'],
      [
        ['-u', '77:78', '--group-add', '78', '--group-add', 'web'],
        'uid=77 gid=78 groups=33(web),78',
      ],
      [
        ['--group-add', '9'],
        'uid=1234(worker) gid=1235(workers) groups=9,1235(workers),2000(extra)',
      ],
    ])('%j has its own group among the supplementary ones', async (flags, line) => {
      expect(await printed([...flags, '--entrypoint', 'id', settings])).toBe(`${line}\n`);
    });

  test('keeps in its configuration what the image says of how to stop it', async () => {
    const words = ['run', '--network', 'none', ...user, '--entrypoint', 'sh', settings, '-c'];
    const container = start([...words, 'echo ready; read line'], {as: person, stdin: 'open'});
    await container.printed('ready');
    const containers = join(roomOf(person).state, 'containers');
    const [id = ''] = readdirSync(containers);
    const {annotations} = JSON.parse(readFileSync(join(containers, id, 'config.json'), 'utf8'));
    // By its name, as the image has it (OCI image spec, conversion.md); Podman writes 10.
    expect(annotations['org.opencontainers.image.stopSignal']).toBe('SIGUSR1');
    const said = await succeed(['inspect', '-f', '{{.Config.StopSignal}}', settings], person);
    expect(said).toBe('SIGUSR1\n');
    container.stdin.end();
    expect(await container.result).toMatchObject({stdout: 'ready\n'});
  });

  test('can write to the image’s volumes where all else is read-only', async () => {
    const write = ['--read-only', '--entrypoint', 'sh', settings, '-c'];
    expect(
      await printed(['-u', '0', ...write, 'echo 1 > /data/x && echo 2 > /srv/y && cat /data/x']),
    ).toBe('1\n');
    const forbidden = await run(['--network', 'none', '-u', '0', ...write, 'echo 1 > /etc/x'], {
      as: person,
    });
    expect(forbidden.stderr).toMatch(/Read-only file system/);
    // What a person mounts there is there instead.
    writeFileSync(join(roomOf(person).work, 'file'), 'mine\n');
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
