import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly sideEffects?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: {readonly url: string; readonly directory: string};
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** As `packages/spec`. */
  readonly path: string;
  readonly directory: string;
  readonly manifest: Manifest;
}

/** What lies in packages/, apps/ and native/, in the order of the paths. */
export function workspacePackages(): WorkspacePackage[] {
  return ['apps', 'native', 'packages'].flatMap((room) =>
    readdirSync(join(root, room))
      .sort()
      .map((name) => `${room}/${name}`)
      .filter((path) => existsSync(join(root, path, 'package.json')))
      .map((path) => {
        const directory = join(root, path);
        return {path, directory, manifest: readManifest(join(directory, 'package.json'))};
      }),
  );
}

export function publishedPackages(): WorkspacePackage[] {
  return workspacePackages().filter(({manifest}) => manifest.private !== true);
}

export function readManifest(file: string): Manifest {
  const manifest: Manifest = JSON.parse(readFileSync(file, 'utf8'));
  return manifest;
}
