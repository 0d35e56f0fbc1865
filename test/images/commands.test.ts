import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, inject, test} from 'vitest';
import {describeEach, describeRoot, type Person, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer, shell, start} from '../e2e/harness/run.ts';
import {withDocker} from './harness/docker.ts';

// What the commands for images print, and what they then do to what is here.

describeEach('the commands for images', (person) => {
  const named = (tag: string) => `${inject('images').registry}/fixtures/${tag}`;
  const done = async (...words: readonly string[]) => {
    const {status, stdout, stderr} = await minicontainer(words, {as: person, timeoutMs: 60_000});
    expect({status, stderr}, words.join(' ')).toEqual({status: 0, stderr: ''});
    return stdout;
  };
  const pulled = (tag: string) => quietPull(person, named(tag));

  test('list each name of an image, by Docker’s fields, filters and templates', async () => {
    const id = await pulled('busybox');
    const other = await pulled('everything');
    await done('tag', named('busybox'), 'one:1', 'two/three');
    const rows = '{{.Repository}}:{{.Tag}} {{.ID}}';
    const names = [`one:1 ${id.slice(0, 12)}`, `two/three:latest ${id.slice(0, 12)}`];
    const listed = await done('images', '--format', rows);
    expect(listed.trimEnd().split('\n').sort()).toEqual(
      [
        ...names,
        `${named('busybox')}:latest ${id.slice(0, 12)}`,
        `${named('everything')}:latest ${other.slice(0, 12)}`,
      ].sort(),
    );
    expect(await done('image', 'ls', '--format', rows, 'one')).toBe(`${names[0]}\n`);
    expect(await done('images', 'two/*', '-q', '--no-trunc')).toBe(`sha256:${id}\n`);
    expect(await done('images', '-q', '--filter', 'dangling=true')).toBe('');
    const [header = '', line = ''] = (await done('images', 'one:1')).split('\n');
    expect(header).toMatch(/^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$/);
    expect(line).toMatch(/^one +1 +[0-9a-f]{12} +\d+ years ago +[\d.]+MB$/);
    const [json = '{}'] = (await done('images', '--format', 'json', 'one')).split('\n');
    expect(JSON.parse(json)).toMatchObject({Repository: 'one', Tag: '1', ID: id.slice(0, 12)});
  });

  test('keep without a name what loses its last to another image, until it is pruned', async () => {
    const id = await pulled('busybox');
    await done('tag', named('busybox'), 'mine');
    await done('rmi', named('busybox'));
    await pulled('everything');
    await done('tag', named('everything'), 'mine');
    expect(await done('images', '-q', '--no-trunc', '-f', 'dangling=true')).toBe(`sha256:${id}\n`);
    expect(await done('images', '--format', '{{.Repository}} {{.Tag}}', '-f', 'dangling=1')).toBe(
      '<none> <none>\n',
    );
    const pruned = await done('prune', '-f');
    expect(pruned).toMatch(
      new RegExp(`^Deleted Images:\ndeleted: sha256:${id}\n\nTotal reclaimed space: .*B\n$`),
    );
    expect(await done('prune', '-f')).toBe('Total reclaimed space: 0B\n');
  });

  test('inspect one or several by names and ids, and say which is not here', async () => {
    const id = await pulled('busybox');
    const [image] = JSON.parse(await done('inspect', named('busybox')));
    expect(image).toMatchObject({
      Id: `sha256:${id}`,
      RepoTags: [`${named('busybox')}:latest`],
      Architecture: 'amd64',
      Os: 'linux',
      Config: {Cmd: ['/bin/sh']},
      RootFS: {Type: 'layers', Layers: [expect.stringMatching(/^sha256:/)]},
    });
    expect(await done('image', 'inspect', '-f', '{{.Id}}', id.slice(0, 7), named('busybox'))).toBe(
      `sha256:${id}\nsha256:${id}\n`,
    );
    const some = await minicontainer(['inspect', 'nope', named('busybox')], {as: person});
    expect(some.status).toBe(125);
    expect(JSON.parse(some.stdout)).toHaveLength(1);
    expect(some.stderr).toMatch(/^minicontainer: there is no image nope here\nhint: /);
    const wrong = await minicontainer(['inspect', '-f', '{{.Nope}}', id], {as: person});
    expect(wrong.stderr).toMatch(/column 3: there is no field Nope\nhint: the fields are Id, /);
  });

  test('remove a name, then the image with its last; all that are named, or none', async () => {
    const id = await pulled('busybox');
    await done('tag', named('busybox'), 'second');
    const byId = await minicontainer(['rmi', id], {as: person});
    expect({status: byId.status, stderr: byId.stderr}).toEqual({
      status: 125,
      stderr: expect.stringMatching(/has 2 names: .*\nhint: .*-f\n$/),
    });
    const none = await minicontainer(['rmi', 'second', 'nope'], {as: person});
    expect(none).toMatchObject({status: 125, stdout: ''});
    expect(await done('rmi', 'second')).toBe('Untagged: second:latest\n');
    expect(await done('image', 'rm', named('busybox'))).toBe(
      `Untagged: ${named('busybox')}:latest\nDeleted: sha256:${id}\n`,
    );
    expect(await done('images', '-q')).toBe('');
    expect(await done('rmi', '-i', 'nope')).toBe('');
  });

  test('do not remove what a container runs from', async () => {
    await pulled('busybox');
    const words = ['run', '--network', 'none', named('busybox'), '/bin/cat'];
    const container = start(words, {as: person, stdin: 'open'});
    container.stdin.write('x\n');
    await container.printed('x');
    const refused = await minicontainer(['rmi', named('busybox')], {as: person});
    expect(refused).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(/is in use by container [0-9a-f]+\nhint: /),
    });
    expect(await done('images', '--format', '{{.Containers}}')).toBe('1\n');
    expect(await done('prune', '-af')).toMatch(/^Total reclaimed space: 0B\n$/);
    container.stdin.end();
    expect(await container.result).toMatchObject({status: 0});
    await done('rmi', named('busybox'));
  });

  test('show history with the last step first', async () => {
    const id = await pulled('everything');
    const lines = await done('history', '--format', '{{.ID}} {{.CreatedBy}}', named('everything'));
    expect(lines).toBe(
      [`${id.slice(0, 12)} layer 3`, '<missing> layer 2', '<missing> layer 1', '<missing> layer 0']
        .join('\n')
        .concat('\n'),
    );
    expect(await done('history', '-H=false', '--format', '{{.Size}}', id)).toMatch(/^(\d+\n){4}$/);
  });

  test('show in df what takes how much, and nothing once all is pruned', async () => {
    await pulled('everything');
    await pulled('busybox');
    const [header = '', ...lines] = (await done('df')).trimEnd().split('\n');
    expect(header).toMatch(/^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE$/);
    expect(lines.map((line) => line.split(/\s+/).slice(0, 3))).toEqual([
      ['Images', '2', '0'],
      ['Containers', '0', '0'],
      ['Unfinished', '0', '0'],
      ['Other', '0', '0'],
    ]);
    expect(await done('df', '-v', '--format', '{{.Repository}} {{.SharedSize}}')).toMatch(
      /everything [\d.]+MB\n/,
    );
    await done('prune', '-a', '-f');
    expect(await done('df', '--format', '{{.Size}}')).toMatch(/^0B\n0B\n0B\n/);
  });

  test('ask before they prune, and take only a yes for it', async () => {
    await pulled('busybox');
    for (const text of ['n\n', '\n', '', 'maybe\n']) {
      const {status, stdout, stderr} = await minicontainer(['prune', '-a'], {
        as: person,
        stdin: {text},
      });
      expect({status, stdout}).toEqual({status: 1, stdout: ''});
      expect(stderr).toMatch(
        /^WARNING! This will remove all images that no container uses\.\nAre you/,
      );
    }
    const {stdout} = await minicontainer(['prune', '-a'], {as: person, stdin: {text: 'y\n'}});
    expect(stdout).toMatch(/^Deleted Images:\nuntagged: .*busybox:latest\ndeleted: sha256:/);
    expect(await done('images', '-q')).toBe('');
  });

  test('prune those of an age or a label alone', async () => {
    await pulled('busybox');
    expect(await done('prune', '-af', '--filter', 'until=2001-01-01')).toBe(
      'Total reclaimed space: 0B\n',
    );
    expect(await done('prune', '-af', '--filter', 'label=nope')).toBe(
      'Total reclaimed space: 0B\n',
    );
    expect(await done('prune', '-af', '--filter', 'until=24h')).toContain('deleted: sha256:');
  });

  test('fetch as a policy says, for a platform, several at once', async () => {
    const never = await minicontainer(['pull', '--policy', 'never', named('busybox')], {
      as: person,
    });
    expect(never).toMatchObject({status: 125, stdout: ''});
    const ids = (await done('pull', '-q', named('busybox'), named('everything')))
      .trim()
      .split('\n');
    expect(new Set(ids).size).toBe(2);
    for (const policy of ['never', 'missing', 'newer', 'always']) {
      expect(await done('pull', '-q', '--policy', policy, named('busybox'))).toBe(`${ids[0]}\n`);
    }
  });
});

describeRoot('beside docker', () => {
  const templates: readonly {format: string; stdout?: string}[] = JSON.parse(
    readFileSync(
      join(import.meta.dirname, '../../apps/cli/src/template/docker-templates.json'),
      'utf8',
    ),
  );

  test('inspect prints what docker prints for the same image, by all templates that fit', async () => {
    const room = roomOf(someone);
    const settings = [
      ...[
        'USER 1000:1000',
        'ENV PATH=/bin',
        'ENV LANG=C.UTF-8',
        'EXPOSE 80 443/tcp',
        'WORKDIR /srv',
      ],
      ...[
        'LABEL version=1.0 a.b=dotted maintainer=me@x',
        'CMD ["bash", "-c", "echo \\"<hi>\\" & exit"]',
      ],
    ];
    const changes = settings.map((line) => `-c '${line}'`).join(' ');
    const made = await shell(
      `tar -c -C /etc hostname | minicontainer import ${changes} - debian:12 && minicontainer save -o a.tar debian:12`,
    );
    expect(made).toMatchObject({status: 0, stderr: ''});
    // Docker counts layers unpacked, and has what no image says: digests, times, drivers.
    const own = /Size|RepoDigests|Metadata|Descriptor|GraphDriver|json \.\}|\$\}|RepoTags/;
    const fitting = templates
      .filter(({format, stdout}) => stdout !== undefined && !own.test(format))
      .map(({format}) => format);
    const script = `
      docker load -q -i "$1" >&2; shift
      for format; do docker image inspect -f "$format" debian:12 || echo FAILED; echo --; done`;
    const printed = await withDocker(room.work, script, [join(room.work, 'a.tar'), ...fitting]);
    const docker = printed.split('\n--\n').slice(0, -1);
    // This image has fewer variables than some of them ask for.
    const kept = fitting.filter((_, index) => docker[index] !== 'FAILED');
    expect(kept.length).toBeGreaterThan(50);
    const ours = await minicontainer(['inspect', '-f', kept.join('{{"\\n--\\n"}}'), 'debian:12']);
    expect(ours.stdout.slice(0, -1).split('\n--\n')).toEqual(
      docker.filter((text) => text !== 'FAILED'),
    );
  });
});

async function quietPull(as: Person, image: string): Promise<string> {
  const {status, stdout} = await minicontainer(['pull', '-q', image], {as, timeoutMs: 60_000});
  expect(status).toBe(0);
  return stdout.trim();
}
