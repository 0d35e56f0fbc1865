import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {describeEach, people} from '../../e2e/harness/people.ts';
import {minicontainer, nsexecPath} from '../../e2e/harness/run.ts';
import {describeTrees} from '../../e2e/harness/trees.ts';
import {ImageServer} from '../harness/image-server.ts';

// Images whose files are where an engine would write, and configurations that aim at it.

interface Aim {
  readonly name: string;
  readonly number: number;
}

const directory = mkdtempSync(join(tmpdir(), 'minicontainer-aims-'));
const canary = join(directory, 'canary');
chmodSync(directory, 0o755);
mkdirSync(canary);
for (const file of ['file', 'hosts', 'passwd']) {
  writeFileSync(join(canary, file), 'of the host\n', {mode: 0o666});
}
chmodSync(canary, 0o777);
execFileSync('python3', ['-B', join(import.meta.dirname, 'archives/aims.py'), directory, canary]);
const aims: readonly Aim[] = JSON.parse(readFileSync(join(directory, 'cases.json'), 'utf8'));
let server: ImageServer;

beforeAll(async () => {
  server = await ImageServer.start(directory);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, {recursive: true, force: true});
});

/** The time of change (ctime) cannot be set back. */
const programs = () =>
  [nsexecPath(), process.execPath].map((file) => {
    const {ino, mode, size, mtimeNs, ctimeNs} = statSync(file, {bigint: true});
    return [ino, mode, size, mtimeNs, ctimeNs].join(' ');
  });

/** Each aim at one of them, unless there is time. */
const isLong = process.env.MINICONTAINER_TEST_LONG === '1';

describeEach('an image that aims at the engine', (person) => {
  const own = aims.filter(
    ({number}) => isLong || number % people.length === people.indexOf(person),
  );

  test.for(own.map((aim) => [aim.name, aim] as const))('%s', async ([, {number}]) => {
    const before = [describeTrees([canary, '/etc/passwd', '/etc/hosts']), programs()];
    const image = `${server.host}/${number}:latest`;
    const {status, stdout, stderr} = await minicontainer(['run', '--network', 'none', image], {
      as: person,
      timeoutMs: 30_000,
    });
    expect([describeTrees([canary, '/etc/passwd', '/etc/hosts']), programs()]).toEqual(before);
    // What it prints where it runs is what it found inside.
    expect(stdout, stderr).not.toContain('of the host');
    if (status !== 0) expect(stderr).not.toMatch(/\n\s+at |Error:|undefined|\[object/);
    expect(typeof status).toBe('number');
  });

  test('a numeric user is that number, whatever the image’s passwd says', async () => {
    const liar = aims.find(({name}) => name.startsWith('a passwd that lies'));
    const image = `${server.host}/${liar?.number}:latest`;
    const {stdout} = await minicontainer(
      ['run', '--network', 'none', '-u', '1000', '--entrypoint', '/bin/id', image, '-u'],
      {as: person},
    );
    expect(stdout).toBe(person.ids === 'single' ? '' : '1000\n');
  });
});
