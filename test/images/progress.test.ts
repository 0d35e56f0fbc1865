import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {minicontainer} from '../e2e/harness/run.ts';
import {describeBoth, openTerminal} from '../terminal/person.ts';
import {closeTerminals, hostPrompt} from '../terminal/tmux.ts';
import {HostileRegistry, smallImage} from './harness/hostile-registry.ts';

// What a person sees of a pull, and what Ctrl-C leaves.

afterEach(closeTerminals);

const layer = layerOf(3_000_000);

/** A registry that stops in the middle of the layer, until it is told to go on. */
async function stopping() {
  let stops = true;
  const registry = await HostileRegistry.start((request, response) => {
    const {layerDigest} = registry.image;
    if (!stops || !request.url?.endsWith(layerDigest)) return false;
    response.writeHead(200, {'content-length': layer.length});
    response.write(layer.subarray(0, layer.length / 2));
    return true;
  }, smallImage(layer));
  return {
    registry,
    image: `${registry.host}/x:latest`,
    goOn: () => {
      stops = false;
    },
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

describeBoth('a pull at a terminal', (person) => {
  test('has a line for each layer, painted in its place, no wider than the terminal', async () => {
    await using source = await stopping();
    const terminal = await openTerminal(person);
    await terminal.resize(100, 24);
    await terminal.enter(`minicontainer pull ${source.image}`);
    await terminal.shows(/^[0-9a-f]{12}: Downloading {2}\[=+> +\] +1\.51MB\/3\.01MB/);
    for (const columns of [30, 60, 100]) {
      await terminal.resize(columns, 24);
      await terminal.shows(/^[0-9a-f]{12}: Downloading/);
      const lines = await terminal.screen();
      expect(lines.filter((line) => line.includes('Downloading'))).toHaveLength(1);
    }
    await terminal.press('C-c');
    await terminal.prompted(hostPrompt);
    source.goOn();
    const again = await terminal.ask(`minicontainer pull ${source.image}`);
    expect(again).toContainEqual(expect.stringMatching(/^[0-9a-f]{12}: Pull complete$/));
    expect(again.at(-1)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is ended by Ctrl-C: the terminal is as before, and the next goes on from there', async () => {
    await using source = await stopping();
    const terminal = await openTerminal(person);
    const before = await terminal.modes();
    await terminal.enter(`minicontainer pull ${source.image}`);
    await terminal.shows(/: Downloading .*1\.51MB/);
    expect(await terminal.showsCursor()).toBe(false);
    await terminal.press('C-c');
    await terminal.prompted(hostPrompt);
    expect(await terminal.ask('echo $?')).toEqual(['130']);
    expect(await terminal.showsCursor()).toBe(true);
    expect(await terminal.modes()).toBe(before);
    source.goOn();
    expect(await terminal.ask(`minicontainer pull -q ${source.image}`)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    expect(source.registry.askedForLayer.at(-1)?.range).toBe(`bytes=${layer.length / 2}-`);
  });
});

describeEach('a pull without a terminal', (person) => {
  test('tells of each layer when something begins, on stderr, and the id on stdout', async () => {
    await using registry = await HostileRegistry.start(() => false, smallImage(layer));
    const {status, stdout, stderr} = await minicontainer(['pull', `${registry.host}/x`], {
      as: person,
    });
    expect({status, stdout}).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/),
    });
    const short = registry.image.layerDigest.slice(7, 19);
    expect(stderr.split('\n').filter((line) => line.startsWith(`${short}: `))).toEqual([
      `${short}: Waiting`,
      `${short}: Downloading`,
      `${short}: Extracting`,
      `${short}: Pull complete`,
    ]);
    expect(stderr).toContain(`Digest: ${registry.image.manifestDigest}\n`);
    expect(stderr).toContain(`Status: Downloaded newer image for ${registry.host}/x:latest\n`);
    expect(stderr).not.toContain('\x1b');
    const again = await minicontainer(['pull', `${registry.host}/x`], {as: person});
    expect(again).toEqual({
      status: 0,
      stdout,
      stderr: `Digest: ${registry.image.manifestDigest}\nStatus: Image is up to date for ${registry.host}/x:latest\n`,
    });
  });

  test('says nothing but the id with -q', async () => {
    await using registry = await HostileRegistry.start(() => false, smallImage(layer));
    expect(await minicontainer(['pull', '-q', `${registry.host}/x`], {as: person})).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/),
      stderr: '',
    });
  });
});

/** An archive of one file of noise. */
function layerOf(size: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'minicontainer-noise-'));
  writeFileSync(join(folder, 'noise'), randomBytes(size));
  const archive = execFileSync('tar', ['-C', folder, '--owner=0', '--group=0', '-c', 'noise'], {
    maxBuffer: 2 * size + (1 << 20),
  });
  rmSync(folder, {recursive: true});
  return archive;
}
