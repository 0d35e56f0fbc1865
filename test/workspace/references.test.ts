import {readFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {root, workspacePackages} from './packages.ts';

const libraries = workspacePackages().filter(({path}) => path.startsWith('packages/'));

test('tsc -b at the root compiles every library', () => {
  expect(references('.')).toEqual(expect.arrayContaining(libraries.map(({path}) => path)));
});

describe.each(libraries)('$path', ({path, manifest}) => {
  test('is compiled after the packages of ours it depends on', () => {
    const ours = Object.keys(manifest.dependencies ?? {})
      .filter((name) => name.startsWith('@minicontainer/'))
      .map((name) => `../${basename(name)}`);
    expect(references(path).sort()).toEqual(ours.sort());
  });
});

function references(path: string): string[] {
  const config: {references?: {path: string}[]} = JSON.parse(
    readFileSync(join(root, path, 'tsconfig.json'), 'utf8'),
  );
  return (config.references ?? []).map((reference) => reference.path);
}
