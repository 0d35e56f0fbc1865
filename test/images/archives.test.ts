import {execFile} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, inject, test} from 'vitest';
import {describeEach, describeRoot, type Person, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer, type Result, type RunOptions, shell} from '../e2e/harness/run.ts';
import {withDocker} from './harness/docker.ts';
import {blobPath, partsOf, sha256, tarOf} from './harness/image-archive.ts';

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
      ...['-qi - < <(zstd -qc oci.tar)', '--input=oci.tar'],
    ];
    for (const [number, way] of ways.entries()) {
      const MINICONTAINER_ROOT = join(room.work, `store-${number}`);
      const env = {MINICONTAINER_ROOT};
      const loaded = await shell(`minicontainer load ${way}`, {as: person, env});
      expect(loaded, way).toEqual({
        status: 0,
        stdout: `Loaded image: ${image}\n`,
        stderr: '',
      });
      const index = JSON.parse(readFileSync(join(MINICONTAINER_ROOT, 'index.json'), 'utf8'));
      expect(index.manifests, way).toMatchObject([{digest: manifest}]);
      readFileSync(join(MINICONTAINER_ROOT, blobPath(config)));
    }
  });

  test('makes the same bytes whenever it is saved, and from another store', async () => {
    await loadFixture(person, 'everything');
    await done(['save', '-o', 'one.tar', image], person);
    const env = {MINICONTAINER_ROOT: join(roomOf(person).work, 'other')};
    await done(['load', '-i', 'one.tar'], person, {env});
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
      const words = ['run', '--network', 'none', source, '/bin/echo', 'out of it'];
      expect(await done(words, person, {env}), source).toBe('out of it\n');
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
    expect(await done(['load', '-i', file], someone)).toBe(
      'Loaded image: example.com/a/b:1\nLoaded image: example.com/c:2\n',
    );
    const out = await done(['run', '--network', 'none', 'example.com/c:2', 'echo', 'x'], someone);
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
    expect(await done(['load', '-i', 'by-docker.tar'], someone, {env})).toMatch(
      /Loaded image: (again:1\nLoaded image: localhost\/busybox:latest|localhost\/busybox:latest\nLoaded image: again:1)\n$/,
    );
    const words = ['run', '--network', 'none', 'localhost/busybox', 'echo', 'from docker'];
    expect(await done(words, someone, {env})).toBe('from docker\n');
  });

  test('a layout of several platforms: one is taken, and nothing of the others stays', async () => {
    const {work} = roomOf(someone);
    const {layout} = inject('images');
    const archive = join(work, 'many.tar');
    const copy = ['copy', '-q', '--all', `oci:${layout}:many-platforms`];
    await execute('skopeo', [...copy, `oci-archive:${archive}:many`]);
    const loaded = await done(['load', '--platform', 'linux/arm64', '-i', archive], someone);
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
    'import resource, subprocess; subprocess.run(["minicontainer", "load"], check=True); ' +
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

/** Loads one of the fixtures, as `localhost/TAG:latest`. */
async function loadFixture(person: Person, tag: string): Promise<void> {
  const file = join(roomOf(person).work, `${tag}-fixture.tar`);
  writeFileSync(file, tarOf(partsOf(tag).files));
  await done(['load', '-i', file], person);
}

async function configOf(person: Person, archive: string, id: string): Promise<unknown> {
  expect(archive).toContain(id.slice(7));
  return JSON.parse(readFileSync(join(roomOf(person).state, blobPath(id)), 'utf8'));
}

async function done(words: readonly string[], as: Person, options: RunOptions = {}) {
  const result: Result = await minicontainer(words, {as, timeoutMs: 60_000, ...options});
  expect(result, words.join(' ')).toMatchObject({status: 0, stderr: ''});
  return result.stdout;
}
