import {type SpawnSyncOptions, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {
  closeSync,
  constants,
  cpSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';

const root = join(import.meta.dirname, '..');
let folder: string;
let bin: string;

// The bundle as it is published, in a folder of its own: no test waits for the build of the tree.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minicontainer-bin-'));
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  const {status, stderr} = spawnSync(
    process.execPath,
    [join(root, 'scripts/build.mjs'), join(folder, 'dist')],
    {encoding: 'utf8'},
  );
  if (status !== 0) throw new Error(stderr);
  bin = join(folder, 'dist/minicontainer.cjs');
});
afterAll(() => rmSync(folder, {recursive: true}));

function minicontainer(argv: readonly string[], options: SpawnSyncOptions = {}) {
  const {status, stdout, stderr} = spawnSync(process.execPath, [bin, ...argv], {
    ...options,
    encoding: 'utf8',
    timeout: 10_000,
  });
  return {status, stdout, stderr};
}

function shell(script: string) {
  const {status, stdout, stderr} = spawnSync('bash', ['-c', script, bin], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  return {status, stdout, stderr};
}

/** Writes into a pipe that does not block until nothing more fits; returns how many bytes did. */
function fill(fd: number): number {
  let bytes = 0;
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) bytes += writeSync(fd, Buffer.alloc(size, '.'));
    } catch {}
  }
  return bytes;
}

/** What a pipe that does not block holds now. */
function drain(fd: number): Buffer {
  const buffer = Buffer.alloc(1 << 20);
  try {
    return buffer.subarray(0, readSync(fd, buffer));
  } catch {
    return Buffer.alloc(0);
  }
}

describe('the bundles', () => {
  it('are one that can be executed, of at most 500 KB', () => {
    expect(statSync(bin).mode & 0o777).toBe(0o755);
    expect(statSync(bin).size).toBeLessThanOrEqual(500_000);
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env -S node --\n/);
  });

  it('and one for images, which needs no other file, of at most 1.4 MB', () => {
    expect(readdirSync(join(folder, 'dist')).filter((name) => /\.c?js$/.test(name))).toEqual([
      'images.script.js',
      'minicontainer.cjs',
    ]);
    expect(statSync(join(folder, 'dist/images.script.js')).size).toBeLessThanOrEqual(1_400_000);
  });

  it('have nothing of the commands for images in the first', () => {
    const {inputs} = metafile('meta.json');
    expect(Object.keys(inputs)).toContain('src/commands/run.ts');
    expect(Object.keys(inputs).filter((input) => /^src\/commands\/images\//.test(input))).toEqual(
      [],
    );
    expect(Object.keys(metafile('images.meta.json').inputs)).toContain(
      'src/commands/images/pull.ts',
    );
  });

  it('have in common what is told by its identity: errors, options of commands', () => {
    const twice = /packages\/errors\/|clipanion|src\/(program|output\/(streams|failure))/;
    const inputs = Object.keys(metafile('images.meta.json').inputs);
    expect(inputs.filter((input) => !input.startsWith('common:') && twice.test(input))).toEqual([]);
  });

  it('have of undici what asks registries, not fetch and websockets', () => {
    const inputs = Object.keys(metafile('images.meta.json').inputs);
    expect(inputs).toContainEqual(expect.stringMatching(/undici\/lib\/dispatcher\/agent\.js$/));
    expect(
      inputs.filter((input) => /undici\/(index\.js|lib\/(web\/fetch\/index|mock))/.test(input)),
    ).toEqual([]);
  });

  it('have no TypeBox and no doctor that run could load', () => {
    const reached = reachable('src/commands/run.ts');
    expect(reached).toContainEqual(expect.stringMatching(/packages\/engine\/src\/replace\.ts$/));
    expect(reached.filter((input) => /typebox|\/doctor\//.test(input))).toEqual([]);
  });

  it('have of clipanion what parses, not what opens the standard streams', () => {
    const reached = reachable('src/bin.ts');
    expect(reached).toContainEqual(expect.stringMatching(/clipanion\/lib\/core\./));
    expect(reached.filter((input) => /clipanion\/lib\/advanced\/Cli\./.test(input))).toEqual([]);
  });

  /** Every file that a file can lead to, by import or import(), as esbuild wrote it down. */
  function reachable(entry: string): string[] {
    const {inputs} = metafile('meta.json');
    const seen = new Set([entry]);
    for (const input of seen) {
      for (const {path} of inputs[input]?.imports ?? []) seen.add(path);
    }
    return [...seen];
  }

  function metafile(name: string): {inputs: Record<string, {imports: {path: string}[]}>} {
    return JSON.parse(readFileSync(join(folder, 'dist', name), 'utf8'));
  }
});

describe('minicontainer', () => {
  const {version}: {version: string} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  it.each([['--version'], ['version']])('%s prints the version of the package', (word) => {
    expect(minicontainer([word])).toEqual({
      status: 0,
      stdout: `minicontainer ${version}\n`,
      stderr: '',
    });
  });

  it.each([[[]], [['help']], [['--help']], [['-h']]])('%j is the overview', (argv) => {
    const {status, stdout, stderr} = minicontainer(argv);
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout).toMatch(/^Usage: minicontainer COMMAND/);
  });

  it.each([[['run', '--help']], [['help', 'run']], [['explain', 'run', '--help']]])(
    '%j is the help of run',
    (argv) => {
      const {status, stdout, stderr} = minicontainer(argv);
      expect({status, stderr}).toEqual({status: 0, stderr: ''});
      expect(stdout).toMatch(/^Usage: minicontainer run /);
    },
  );

  it.each([
    [['rnu'], 'unknown command rnu', 'did you mean minicontainer run?'],
    [['/bin/sh'], 'unknown command /bin/sh', 'did you mean minicontainer run /bin/sh?'],
    [['pull'], 'pull: IMAGE is missing', 'minicontainer pull --help shows how it is called'],
    [['pull', 'a', '--policy', 'x'], /^pull: --policy is missing, always, .* not x/, /./],
    [['image', 'pul'], 'image: unknown command pul', 'did you mean minicontainer image pull?'],
    [
      ['toString'],
      'unknown command toString',
      /^the commands are run, .*, explain, doctor, help, version$/,
    ],
    [['--rm'], 'unknown flag --rm', 'flags stand behind a command: minicontainer run --rm /bin/sh'],
    [['help', 'rnu'], 'unknown command rnu', 'did you mean minicontainer run?'],
    [['version', 'x'], 'version: unexpected argument x', /version --help/],
    [
      ['run', '--hotsss'],
      'run: unknown flag --hotsss',
      'minicontainer run --help shows how it is called',
    ],
    [
      ['run', '--pull', 'never', 'no-such'],
      'the image no-such is not here',
      /minicontainer pull no-such/,
    ],
    [['run', './x'], 'run: ./x is no image', /absolute path/],
    [['explain'], 'explain: nothing to explain', /explain run \/bin\/bash/],
    [['explain', 'pull'], 'explain: only run can be explained, not pull', /explain run/],
    [['explain', '--format', 'x', 'run', '/x'], 'explain: --format is text or json, not x', /./],
    [['doctor', '--format', 'x'], 'doctor: --format is table or json, not x', /./],
    [['run', '-w', 'a\nb\x1b[31m\x7f', '/x'], /-w 'a\\nb\\x1b\[31m\\x7f'/, /./],
  ])('%j: one line for what, one for what to do, exit code 125', (argv, message, hint) => {
    const {status, stdout, stderr} = minicontainer(argv);
    expect({status, stdout}).toEqual({status: 125, stdout: ''});
    const [first = '', second = '', ...more] = stderr.split('\n');
    expect(first).toMatch(/^minicontainer: /);
    expect(first.slice(15)).toMatch(message);
    expect(second).toMatch(/^hint: /);
    expect(second.slice(6)).toMatch(hint);
    expect(more).toEqual(['']);
  });

  it('shows a stack only with MINICONTAINER_DEBUG=1', () => {
    const env = {...process.env, MINICONTAINER_DEBUG: '1'};
    expect(minicontainer(['rnu'], {env}).stderr).toMatch(/^\s+at .*minicontainer\.cjs:\d+/m);
  });

  it('ends quietly when nobody reads its output', () => {
    // A reader that is gone already: writing fails at once, whatever fits in a pipe.
    expect(shell('set -o pipefail; node "$0" run --help | true')).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('prints all of it into a pipe that is full and does not block', async () => {
    const fifo = join(folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const filler = fill(fd);
    const child = spawn(process.execPath, [bin, 'run', '--help'], {
      stdio: ['ignore', fd, 'ignore'],
    });
    const exited = once(child, 'exit');
    await setTimeout(300);
    let printed = Buffer.alloc(0);
    while (child.exitCode === null || printed.length < filler) {
      printed = Buffer.concat([printed, drain(fd)]);
      await setTimeout(10);
    }
    expect(await exited).toEqual([0, null]);
    printed = Buffer.concat([printed, drain(fd)]);
    closeSync(fd);
    expect(printed.toString('utf8', filler)).toBe(minicontainer(['run', '--help']).stdout);
  });

  it('says so when its output cannot be written', () => {
    expect(shell('node "$0" --help > /dev/full')).toMatchObject({
      status: 125,
      stderr: 'minicontainer: cannot write to stdout: ENOSPC\n',
    });
  });

  it('needs the current directory only for a relative path', () => {
    const gone = 'cd "$(mktemp -d)" && rmdir "$PWD" && node "$0"';
    expect(shell(`${gone} explain --format json run /bin/true`).status).toBe(0);
    expect(shell(`${gone} explain run -v ./x:/y /bin/true`)).toEqual({
      status: 125,
      stdout: '',
      stderr:
        'minicontainer: run: a relative path, but the current directory is gone\n' +
        'hint: cd to one that is there\n',
    });
  });

  it('works with standard streams closed', () => {
    expect(shell('node "$0" --version <&-').stdout).toBe(`minicontainer ${version}\n`);
    expect(shell('node "$0" --version >&-').status).toBe(0);
    expect(shell('node "$0" rnu 2>&-').status).toBe(125);
  });
});
