import {execFileSync} from 'node:child_process';
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const built = new Set(['dist', 'bin']);

export interface Release {
  readonly version: string;
  /** Names of what was published. */
  readonly names: readonly string[];
  /** The changelog that `changeset version` wrote for a package, by its path. */
  changelog(path: string): string;
  remove(): void;
}

/** Does in a copy of this tree what a maintainer does to release it. */
export function release(registryUrl: string): Release {
  const directory = mkdtempSync(join(tmpdir(), 'minicontainer-release-'));
  const npmrc = join(directory, '..', `${directory.split('/').at(-1)}.npmrc`);
  const remove = () => {
    rmSync(directory, {recursive: true, force: true});
    rmSync(npmrc, {force: true});
  };
  try {
    copyTree(directory);
    run(directory, 'pnpm', ['install', '--offline', '--frozen-lockfile']);
    run(directory, 'changeset', ['version']);
    // Any token will do: the registry lets everybody publish, npm's client wants one.
    writeFileSync(npmrc, `//${new URL(registryUrl).host}/:_authToken=rehearsal\n`);
    const flags = ['--registry', registryUrl, '--no-git-checks', '--access', 'public'];
    run(directory, 'pnpm', ['-r', 'publish', '--report-summary', ...flags], {
      NPM_CONFIG_USERCONFIG: npmrc,
    });
    const {publishedPackages}: {publishedPackages: {name: string; version: string}[]} = JSON.parse(
      readFileSync(join(directory, 'pnpm-publish-summary.json'), 'utf8'),
    );
    const versions = new Set(publishedPackages.map(({version}) => version));
    const [version] = versions;
    if (version === undefined || versions.size !== 1) {
      throw new Error(`published under ${versions.size} versions: ${[...versions].join(', ')}`);
    }
    return {
      version,
      names: publishedPackages.map(({name}) => name).sort(),
      changelog: (path) => readFileSync(join(directory, path, 'CHANGELOG.md'), 'utf8'),
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The sources that git would have, and what was built from them. */
function copyTree(directory: string): void {
  const listing = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {cwd: root});
  for (const file of listing.toString().split('\0')) {
    if (file !== '') cpSync(join(root, file), join(directory, file), {recursive: true});
  }
  for (const room of ['apps', 'native', 'packages']) {
    for (const name of readdirSync(join(root, room))) {
      for (const output of readdirSync(join(root, room, name))) {
        const path = join(room, name, output);
        if (built.has(output)) cpSync(join(root, path), join(directory, path), {recursive: true});
      }
    }
  }
}

function run(
  directory: string,
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): void {
  const bin = join(directory, 'node_modules', '.bin');
  // pnpm is there before its own install: from the tree that is copied.
  const path = [bin, join(root, 'node_modules', '.bin'), process.env.PATH].join(':');
  execFileSync(command, args, {
    cwd: directory,
    stdio: 'pipe',
    env: {...process.env, PATH: path, PWD: dirname(bin), ...environment},
  });
}
