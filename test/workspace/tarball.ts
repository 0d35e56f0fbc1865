import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {root, type WorkspacePackage} from './packages.ts';

export interface Tarball {
  readonly file: string;
  readonly entries: readonly {readonly path: string; readonly mode: string}[];
  /** The text of one of its files, as `package.json`. */
  read(path: string): string;
}

/** Packs a package as `pnpm publish` would. */
export function pack({directory}: WorkspacePackage, destination: string): Tarball {
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm');
  const output = execFileSync(pnpm, ['pack', '--json', '--pack-destination', destination], {
    cwd: directory,
    encoding: 'utf8',
  });
  const {filename}: {filename: string} = JSON.parse(output.slice(output.indexOf('{')));
  return openTarball(filename);
}

export function openTarball(file: string): Tarball {
  const listing = execFileSync('tar', ['-tvzf', file], {encoding: 'utf8'});
  const entries = listing
    .trim()
    .split('\n')
    .map((line) => {
      const [mode = '', , , , , path = ''] = line.split(/\s+/);
      return {mode, path: path.replace(/^package\//, '')};
    });
  return {
    file,
    entries,
    read: (path) => execFileSync('tar', ['-xOzf', file, `package/${path}`], {encoding: 'utf8'}),
  };
}
