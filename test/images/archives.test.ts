import {execFile} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {promisify} from 'node:util';
import {expect, inject, test} from 'vitest';
import {describeEach, describeRoot, type Person, people, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer, type Result, type RunOptions, shell, start} from '../e2e/harness/run.ts';
import {withDocker} from './harness/docker.ts';
import {blobPath, partsOf, sha256, tarOf} from './harness/image-archive.ts';
import {withPodman} from './harness/peers.ts';

// save, load and import, and images that are named by their archives.

const execute = promisify(execFile);
const image = 'localhost/everything:latest';

describeEach('an image', (person) => {
  test('is the same after save and load, in each format, by file, pipe and directory', async () => {
    const {manifest, config} = partsOf('everything');
    await loadFixture(person, 'everything');
    const room = roomOf(person);
    await done(['save', '-o', 'docker.tar', image], person);
    await done(['save', '--format', 'oci-archive', '-o', 'oci.tar', image], person);
    await done(['save', '--format', 'oci-dir', '-o', 'oci.d', image], person);
    const piped = await shell(`minicontainer save ${image} | cmp - docker.tar`, {as: person});
    expect(piped).toEqual({status: 0, stdout: '', stderr: ''});
    const ways = [
      ...['-i docker.tar', '-i oci.tar', '-i oci.d', '< docker.tar', '< <(gzip -c docker.tar)'],
      ...['-i - < <(zstd -qc oci.tar)', '--input=oci.tar'],
    ];
    for (const [number, way] of ways.entries()) {
      const MINICONTAINER_ROOT = join(room.work, `store-${number}`);
      const env = {MINICONTAINER_ROOT};
      const loaded = await shell(`minicontainer load -q ${way}`, {as: person, env});
      expect(withoutNotes(loaded), way).toEqual({
        status: 0,
        stdout: `Loaded image: ${image}\n`,
        stderr: '',
      });
      const index = JSON.parse(readFileSync(join(MINICONTAINER_ROOT, 'index.json'), 'utf8'));
      expect(index.manifests, way).toMatchObject([{digest: manifest}]);
      readFileSync(join(MINICONTAINER_ROOT, blobPath(config)));
    }
  });

  test('goes into a directory of skopeo’s and back, without its name', async () => {
    const {manifest, config} = partsOf('everything');
    await loadFixture(person, 'everything');
    await done(['save', '--format', 'docker-dir', '-o', 'dir', image], person);
    const {stdout} = await execute('skopeo', ['inspect', `dir:${roomOf(person).work}/dir`]);
    expect(JSON.parse(stdout).Digest).toBe(manifest);
    const env = {MINICONTAINER_ROOT: join(roomOf(person).work, 'other')};
    expect(await done(['load', '-qi', 'dir'], person, {env})).toBe(`Loaded image ID: ${config}\n`);
    const index = JSON.parse(readFileSync(join(env.MINICONTAINER_ROOT, 'index.json'), 'utf8'));
    expect(index.manifests).toMatchObject([{digest: manifest}]);
    const two = ['save', '--format', 'docker-dir', '-o', 'two', image, 'localhost/busybox'];
    await loadFixture(person, 'busybox');
    const {status, stderr} = await minicontainer(two, {as: person});
    expect({status, stderr}).toMatchObject({
      status: 125,
      stderr: expect.stringContaining('one image'),
    });
  });

  test('makes the same bytes whenever it is saved, and from another store', async () => {
    await loadFixture(person, 'everything');
    await done(['save', '-o', 'one.tar', image], person);
    const env = {MINICONTAINER_ROOT: join(roomOf(person).work, 'other')};
    await done(['load', '-qi', 'one.tar'], person, {env});
    await done(['save', '-o', 'two.tar', image], person, {env});
    const same = await shell('cmp one.tar two.tar', {as: person});
    expect(same.status).toBe(0);
  });

  test('runs right out of its archive', async () => {
    await loadFixture(person, 'busybox');
    await done(['save', '-o', 'a.tar', 'localhost/busybox'], person);
    await done(['save', '--format', 'oci-dir', '-o', 'a.d', 'localhost/busybox'], person);
    const sources = ['docker-archive:a.tar', 'oci-archive:a.tar', 'oci:a.d'];
    const chosen = [...sources, ...sources.map((source) => `${source}:localhost/busybox:latest`)];
    for (const source of chosen) {
      const env = {MINICONTAINER_ROOT: join(roomOf(person).work, 'fresh')};
      const words = ['run', '-q', '--network', 'none', source, '/bin/echo', 'out of it'];
      // Who has one id is told that the image has files of others.
      const ran = await minicontainer(words, {as: person, env});
      expect(ran, source).toMatchObject({status: 0, stdout: 'out of it\n'});
    }
    const wrong = ['run', 'oci:a.d:other', 'true'];
    const {status, stderr} = await minicontainer(wrong, {as: person});
    expect({status, stderr}).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(/a\.d has no image "other"\nhint: it has localhost\/busybox/),
    });
  });

  test('is made of a root file system that is imported, as it is or compressed', async () => {
    const archive = tarOf([{path: 'bin/busybox', data: readFileSync('/bin/busybox')}]);
    writeFileSync(join(roomOf(person).work, 'root.tar'), archive);
    await shell('gzip -k root.tar; zstd -q root.tar', {as: person});
    const changes = ['-c', 'ENV A=b', '--change', 'CMD ["/bin/busybox", "env"]', '-m', 'by hand'];
    for (const source of ['root.tar', 'root.tar.gz', 'root.tar.zst', '-']) {
      const env = {SOURCE_DATE_EPOCH: '1600000000'};
      const stdin = {text: archive};
      const id = await done(['import', ...changes, source, 'mine:1'], person, {env, stdin});
      const inspected = await done(['save', 'mine:1'], person);
      expect(id).toMatch(/^sha256:[0-9a-f]{64}\n$/);
      const config = await configOf(person, inspected, id.trim());
      expect(config).toMatchObject({
        created: '2020-09-13T12:26:40.000Z',
        config: {Env: ['A=b'], Cmd: ['/bin/busybox', 'env']},
        history: [{comment: 'by hand'}],
        rootfs: {diff_ids: [sha256(archive)]},
      });
    }
  });
});

describeRoot('what others save', () => {
  test('skopeo: Docker’s form with links to layers is loaded with its names', async () => {
    const {config} = partsOf('everything');
    const file = join(roomOf(someone).work, 'skopeo.tar');
    const {layout} = inject('images');
    const to = `docker-archive:${file}:example.com/a/b:1`;
    await execute('skopeo', ['copy', '-q', `oci:${layout}:everything`, to]);
    const tag = '--additional-tag=example.com/c:2';
    await execute('rm', [file]);
    await execute('skopeo', ['copy', '-q', tag, `oci:${layout}:everything`, to]);
    expect(await done(['load', '-qi', file], someone)).toBe(
      'Loaded image: example.com/a/b:1\nLoaded image: example.com/c:2\n',
    );
    const out = await done(
      ['run', '-q', '--network', 'none', 'example.com/c:2', 'echo', 'x'],
      someone,
    );
    expect(out).toBe('x\n');
    const archive = await done(['save', 'example.com/c:2'], someone);
    expect(archive).toContain(config.slice(7));
  });

  test('docker: what it saves we load, and what we save it loads, with the same id', async () => {
    const {work} = roomOf(someone);
    const {config} = partsOf('settings');
    await loadFixture(someone, 'settings');
    await loadFixture(someone, 'busybox');
    await done(['save', '-o', 'both.tar', 'localhost/settings', 'localhost/busybox'], someone);
    mkdirSync(join(work, 'docker'));
    const script = `
      docker load -q -i "$1/both.tar"
      docker images --no-trunc --format '{{.Repository}} {{.ID}}'
      docker tag localhost/settings again:1
      docker save -o "$1/by-docker.tar" again:1 localhost/busybox
    `;
    const printed = await withDocker(join(work, 'docker'), script, [work]);
    expect(printed).toContain(`localhost/settings ${config}\n`);
    const env = {MINICONTAINER_ROOT: join(work, 'other')};
    expect(await done(['load', '-qi', 'by-docker.tar'], someone, {env})).toMatch(
      /Loaded image: (again:1\nLoaded image: localhost\/busybox:latest|localhost\/busybox:latest\nLoaded image: again:1)\n$/,
    );
    const words = ['run', '-q', '--network', 'none', 'localhost/busybox', 'echo', 'from docker'];
    expect(await done(words, someone, {env})).toBe('from docker\n');
  });

  test('a layout of several platforms: one is taken, and nothing of the others stays', async () => {
    const {work} = roomOf(someone);
    const {layout} = inject('images');
    const archive = join(work, 'many.tar');
    const copy = ['copy', '-q', '--all', `oci:${layout}:many-platforms`];
    await execute('skopeo', [...copy, `oci-archive:${archive}:many`]);
    const loaded = await done(['load', '-q', '--platform', 'linux/arm64', '-i', archive], someone);
    expect(loaded).toBe('Loaded image: localhost/many:latest\n');
    const {stdout} = await execute('ls', [join(roomOf(someone).state, 'blobs/sha256')]);
    // Index, manifest, configuration, layer.
    expect(stdout.trim().split('\n')).toHaveLength(4);
    const {status, stderr} = await minicontainer(['load', '--platform', 's390x', '-i', archive]);
    expect({status, stderr}).toMatchObject({
      status: 125,
      stderr: expect.stringContaining(
        'it has linux/amd64, linux/arm/v6, linux/arm/v7, linux/arm64',
      ),
    });
  });
});

describeRoot('what podman saves and loads', () => {
  for (const person of people.filter(({exists, ids}) => exists && ids !== 'single')) {
    test(`as ${person.name}: the id stays, and what it loads of OCI’s form keeps its digest`, async () => {
      const {work} = roomOf(person);
      const {config, manifest} = partsOf('settings');
      await loadFixture(person, 'settings');
      await done(['save', '-o', 'a.docker', 'localhost/settings'], person);
      await done(['save', '--format', 'oci-archive', '-o', 'a.oci', 'localhost/settings'], person);
      const script = `
        for archive in a.docker a.oci; do
          $podman load -q -i "$1/$archive"
          $podman images --no-trunc --format '{{.Repository}} {{.ID}}'
          $podman images --digests --format '{{.Digest}}'
          $podman save -q --format docker-archive -o "$1/of-$archive.docker" localhost/settings
          $podman save -q --format oci-archive -o "$1/of-$archive.oci" localhost/settings
          $podman save -q --format oci-dir -o "$1/of-$archive.d" localhost/settings
          $podman save -q --format docker-dir -o "$1/of-$archive.nameless" localhost/settings
          $podman rmi -af >/dev/null
        done
      `;
      const printed = await withPodman(script, [work], person);
      expect(printed.split(`localhost/settings ${config}\n`)).toHaveLength(3);
      expect(printed).toContain(`\n${manifest}\n`);
      const saved = readdirSync(work).filter((name) => name.startsWith('of-'));
      expect(saved).toHaveLength(8);
      for (const name of saved) {
        const env = {MINICONTAINER_ROOT: join(work, `store-${name}`)};
        expect(await done(['load', '-qi', name], person, {env}), name).toBe(
          name.endsWith('.nameless')
            ? `Loaded image ID: ${config}\n`
            : 'Loaded image: localhost/settings:latest\n',
        );
        // In OCI’s forms podman writes a configuration anew.
        const blobs = readdirSync(join(env.MINICONTAINER_ROOT, 'blobs/sha256'));
        if (name.endsWith('.docker')) expect(blobs, name).toContain(config.slice(7));
      }
    });
  }
});

describeRoot('what others make', () => {
  test('a layer without an end mark runs, as elsewhere; a root that is imported needs one', async () => {
    const busybox = readFileSync('/bin/busybox');
    const whole = tarOf([
      {path: 'bin/', data: ''},
      {path: 'bin/busybox', data: busybox, mode: 0o755},
    ]);
    const layer = whole.subarray(0, 2 * 512 + Math.ceil(busybox.length / 512) * 512);
    const config = JSON.stringify({
      ...{os: 'linux', architecture: 'amd64'},
      rootfs: {type: 'layers', diff_ids: [sha256(layer)]},
    });
    const manifest = JSON.stringify([{Config: 'c', RepoTags: ['endless:1'], Layers: ['l']}]);
    const files = {c: config, l: layer, 'manifest.json': manifest};
    const archive = tarOf(Object.entries(files).map(([path, data]) => ({path, data})));
    const {work} = roomOf(someone);
    writeFileSync(join(work, 'endless.tar'), archive);
    writeFileSync(join(work, 'layer.tar'), layer);
    await done(['load', '-qi', 'endless.tar'], someone);
    const words = ['run', '-q', '--network', 'none', 'endless:1', '/bin/busybox', 'echo', 'no end'];
    expect(await done(words, someone)).toBe('no end\n');
    const imported = await minicontainer(['import', 'layer.tar']);
    expect(imported).toMatchObject({
      status: 125,
      stderr: expect.stringContaining('layer.tar: the tar archive ends at byte'),
    });
  });
});

describeEach('work that is ended', (person) => {
  test('by Ctrl-C while it waits for stdin, or by a file that nobody may read: leaves nothing', async () => {
    const {work, state} = roomOf(person);
    const parts = tarOf(partsOf('busybox').files);
    for (const words of [['load'], ['load', '-q'], ['import', '-']]) {
      const loading = start(words, {as: person, stdin: 'open'});
      loading.stdin.write(parts.subarray(0, parts.length - 20_000));
      await until(() => kept(state).length > 0);
      loading.process.kill('SIGINT');
      const {status, stderr} = await loading.result;
      expect({status, stderr}).toMatchObject({
        status: 130,
        stderr: expect.stringContaining('interrupted\nhint: nothing of it is kept'),
      });
      expect(kept(state)).toEqual([]);
    }
    for (const words of [
      ['load', '-qi', work],
      ['load', '-qi', '/proc/1/mem'],
      ['import', work],
    ]) {
      const {status, stderr} = await minicontainer(words, {as: person});
      expect({status, stderr}).toMatchObject({status: 125});
      expect(stderr).not.toMatch(/internal error|undefined/);
      expect(kept(state)).toEqual([]);
    }
  });

  test('save, by Ctrl-C or for want of a place, leaves no half of a file', async () => {
    await loadFixture(person, 'busybox');
    const {work} = roomOf(person);
    const before = readdirSync(work);
    await shell('mkfifo pipe', {as: person});
    const saving = start(['save', '-o', 'pipe', 'localhost/busybox'], {as: person});
    saving.process.kill('SIGINT');
    await shell('timeout 5 cat pipe >/dev/null', {as: person});
    await saving.result;
    await shell('rm pipe; mkdir full; touch full/x', {as: person});
    const ways = [
      ['-o', '/dev/full'],
      ['-o', 'no/such/directory'],
      ['--format', 'oci-dir', '-o', 'full'],
    ];
    for (const way of ways) {
      const {status, stderr} = await minicontainer(['save', ...way, 'localhost/busybox'], {
        as: person,
      });
      expect({status, stderr}).toMatchObject({
        status: 125,
        stderr: expect.stringMatching(/cannot write|is there already/),
      });
    }
    await shell('rm -r full', {as: person});
    expect(readdirSync(work)).toEqual(before);
  });
});

test('a large layer is loaded in little memory, from a pipe', async () => {
  const program = `
import hashlib, io, json, sys, tarfile
size = 300 << 20
class Zeros:
    def read(self, count): return bytes(count)
inner = tarfile.TarInfo("zeros"); inner.size = size
head, tail = inner.tobuf(tarfile.PAX_FORMAT), bytes(1024)
digest = hashlib.sha256(head)
for _ in range(300): digest.update(bytes(1 << 20))
digest.update(tail)
config = json.dumps({"os": "linux", "architecture": "amd64",
  "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest.hexdigest()]}}).encode()
with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
    def add(name, size, file):
        entry = tarfile.TarInfo(name); entry.size = size; archive.addfile(entry, file)
    class Layer:
        at = 0
        def read(self, count):
            whole = len(head) + size + len(tail)
            count = min(count, whole - self.at)
            part = head[self.at:self.at + count]
            self.at += count
            return part + bytes(count - len(part))
    add("l/layer.tar", len(head) + size + len(tail), Layer())
    add("c.json", len(config), io.BytesIO(config))
    manifest = json.dumps([{"Config": "c.json", "RepoTags": ["big:1"], "Layers": ["l/layer.tar"]}]).encode()
    add("manifest.json", len(manifest), io.BytesIO(manifest))
`;
  writeFileSync(join(roomOf(someone).work, 'big.py'), program);
  const measure =
    'import resource, subprocess; subprocess.run(["minicontainer", "load", "-q"], check=True); ' +
    'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  const {status, stdout, stderr} = await shell(`python3 big.py | python3 -c '${measure}'`, {
    timeoutMs: 60_000,
  });
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  const [loaded, kibibytes] = stdout.split('\n');
  expect(loaded).toBe('Loaded image: big:1');
  expect(Number(kibibytes)).toBeLessThan(150 * 1024);
});

test('save does not write an archive to a terminal', async () => {
  const {stdout} = await shell("script -qec 'minicontainer save x' /dev/null </dev/null");
  expect(stdout).toContain('save: an archive is nothing for a terminal');
});

/** What a store has of images. */
function kept(state: string): string[] {
  return ['blobs/sha256', 'ingest', 'leases', 'refs'].flatMap((place) => {
    try {
      return readdirSync(join(state, place)).map((name) => `${place}/${name}`);
    } catch {
      return [];
    }
  });
}

async function until(isSo: () => boolean): Promise<void> {
  for (let count = 0; !isSo() && count < 500; count++) await delay(20);
}

/** Loads one of the fixtures, as `localhost/TAG:latest`. */
async function loadFixture(person: Person, tag: string): Promise<void> {
  const file = join(roomOf(person).work, `${tag}-fixture.tar`);
  writeFileSync(file, tarOf(partsOf(tag).files));
  await done(['load', '-qi', file], person);
}

async function configOf(person: Person, archive: string, id: string): Promise<unknown> {
  expect(archive).toContain(id.slice(7));
  return JSON.parse(readFileSync(join(roomOf(person).state, blobPath(id)), 'utf8'));
}

async function done(words: readonly string[], as: Person, options: RunOptions = {}) {
  const result: Result = await minicontainer(words, {as, timeoutMs: 60_000, ...options});
  expect(withoutNotes(result), words.join(' ')).toMatchObject({status: 0, stderr: ''});
  return result.stdout;
}

/** Who has one id is told that an image has files of others. */
function withoutNotes({stderr, ...result}: Result): Result {
  return {...result, stderr: stderr.replaceAll(/^.*: for lack of ids, .*\n/gm, '')};
}
