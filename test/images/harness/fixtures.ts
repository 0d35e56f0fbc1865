import {execFile, execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {TestProject} from 'vitest/node';
import {cacheDirectory, fromCache} from '../../vm/machine/cache.ts';
import {bootstrapDebian} from '../../vm/machine/debian.ts';
import {Registry} from './registry.ts';

declare module 'vitest' {
  interface ProvidedContext {
    images: ImageFixtures;
  }
}

/** What the suite's tests share; none of them changes it. */
export interface ImageFixtures {
  /** An OCI image layout, whose tags `fixtures/make.py` tells. */
  readonly layout: string;
  /** The storage of a registry that has each tag as `fixtures/TAG:latest`, and Docker's form as `docker/TAG`. */
  readonly storage: string;
  /** A registry without a lock, for who only pulls: `localhost:5000`. */
  readonly registry: string;
  /** `fixtures/describe-tree.c`, compiled, where everybody can execute it. */
  readonly describeTree: string;
  /** Whether the Debian is there: only root can make it. */
  readonly debian: boolean;
}

const sources = join(import.meta.dirname, '../fixtures');
const execute = promisify(execFile);
/** Those that skopeo has to convert, with layers that Docker's form knows. */
const inDockersForm = ['busybox', 'everything', 'debian'];
const isRoot = process.getuid?.() === 0;

/** Makes the fixtures, or takes them from the cache, and lets a registry serve them while the suite runs. */
export default async function provideImages({provide}: TestProject): Promise<() => Promise<void>> {
  const name = hashOfWhatMakesThem();
  const layout = fromCache(join('layouts', name), makeLayout);
  const storage = await storageOf(layout, join('registries', name));
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-images-'));
  execFileSync('chmod', ['755', directory]);
  const describeTree = join(directory, 'describe-tree');
  const compile = ['-O2', '-static', '-o', describeTree, join(sources, 'describe-tree.c')];
  execFileSync(process.env.CC ?? 'cc', compile, {stdio: ['ignore', 'inherit', 'inherit']});
  const registry = await Registry.start({storage, readOnly: true});
  provide('images', {
    ...{layout, storage, describeTree},
    registry: registry.host,
    debian: isRoot,
  });
  return async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(directory, {recursive: true, force: true});
  };
}

function hashOfWhatMakesThem(): string {
  const hash = createHash('sha256');
  const scripts = readdirSync(sources).filter((name) => name.endsWith('.py'));
  const files = [
    ...scripts.map((name) => join(sources, name)),
    ...[import.meta.filename, '/etc/os-release', '/bin/busybox'],
  ];
  for (const file of files.sort()) hash.update(readFileSync(file));
  return `${hash.digest('hex').slice(0, 16)}${isRoot ? '' : '-without-debian'}`;
}

function makeLayout(scratch: string): string {
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
      process.stdout.write('   installing a Debian for an image\n');
      bootstrapDebian(tree, []);
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
