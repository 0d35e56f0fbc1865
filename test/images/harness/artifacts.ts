import {execFile, execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {cacheDirectory, fromCache} from '../../vm/machine/cache.ts';
import {bootstrapDebian} from '../../vm/machine/debian.ts';
import {Registry} from './registry.ts';

const execute = promisify(execFile);
/** Those that skopeo has to convert, with layers that Docker's form knows. */
const inDockersForm = ['busybox', 'everything', 'debian'];
const isRoot = process.getuid?.() === 0;

/**
 * The layout that `make.py` writes, and the storage of a registry that has it all; from the cache, or made.
 *
 * @param sources the directory `fixtures`
 */
export async function makeArtifacts(sources: string): Promise<{layout: string; storage: string}> {
  const name = hashOfWhatMakesThem(sources);
  const layout = fromCache(join('layouts', name), (scratch) => makeLayout(sources, scratch));
  return {layout, storage: await storageOf(layout, join('registries', name))};
}

function hashOfWhatMakesThem(sources: string): string {
  const hash = createHash('sha256');
  const scripts = readdirSync(sources).filter((name) => name.endsWith('.py'));
  const files = [
    ...scripts.map((name) => join(sources, name)),
    ...[join(sources, '../harness/artifacts.ts'), '/etc/os-release', '/bin/busybox'],
  ];
  for (const file of files.sort()) hash.update(readFileSync(file));
  return `${hash.digest('hex').slice(0, 16)}${isRoot ? '' : '-without-debian'}`;
}

function makeLayout(sources: string, scratch: string): string {
  const layout = join(scratch, 'layout');
  const debian = isRoot ? [debianArchive()] : [];
  run('python3', ['-B', join(sources, 'make.py'), layout, ...debian]);
  return layout;
}

/** From the cache, or made in memory, where dpkg's many fsyncs cost nothing. */
function debianArchive(): string {
  const release = createHash('sha256').update(readFileSync('/etc/os-release')).digest('hex');
  return fromCache(join('debian', `minbase-${release.slice(0, 16)}.tar`), (scratch) => {
    const base = existsSync('/dev/shm') ? '/dev/shm' : scratch;
    const tree = mkdtempSync(join(base, 'minicontainer-debian-'));
    const archive = join(scratch, 'debian.tar');
    try {
      process.stderr.write('   installing a Debian for an image\n');
      bootstrapDebian(tree, []);
      chmodSync(tree, 0o755);
      const without = [
        '--exclude=./var/cache/apt/archives/*.deb',
        '--exclude=./var/lib/apt/lists/*',
      ];
      run('tar', ['-C', tree, '--format=posix', '--sort=name', ...without, '-cf', archive, '.']);
    } finally {
      rmSync(tree, {recursive: true, force: true});
    }
    return archive;
  });
}

/** As skopeo brings them to a registry: as they are, and some in Docker's form. */
async function storageOf(layout: string, name: string): Promise<string> {
  const place = join(cacheDirectory(), name);
  if (existsSync(place)) return fromCache(name, () => place);
  mkdirSync(cacheDirectory(), {recursive: true});
  const storage = mkdtempSync(join(cacheDirectory(), '.registry-'));
  try {
    await using registry = await Registry.start({storage});
    const {manifests} = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    for (const {annotations} of manifests) {
      const tag = annotations['org.opencontainers.image.ref.name'];
      await push(layout, tag, `${registry.host}/fixtures/${tag}`, ['--all', '--preserve-digests']);
      if (inDockersForm.includes(tag)) {
        await push(layout, tag, `${registry.host}/docker/${tag}`, ['--format', 'v2s2']);
      }
    }
    return fromCache(name, () => storage);
  } finally {
    rmSync(storage, {recursive: true, force: true});
  }
}

async function push(layout: string, tag: string, to: string, flags: readonly string[]) {
  const words = ['copy', '--quiet', '--dest-tls-verify=false', ...flags];
  await execute('skopeo', [...words, `oci:${layout}:${tag}`, `docker://${to}:latest`]);
}

function run(command: string, words: readonly string[]): void {
  execFileSync(command, words, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`},
  });
}
