import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {publint} from 'publint';
import {formatMessage} from 'publint/utils';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {publishedPackages, root} from './packages.ts';
import {pack, type Tarball} from './tarball.ts';

const scratch = mkdtempSync(join(tmpdir(), 'minicontainer-pack-'));
afterAll(() => rmSync(scratch, {recursive: true, force: true}));

describe.each(publishedPackages())('the tarball of $path', (workspacePackage) => {
  const {manifest, path} = workspacePackage;
  let tarball: Tarball;

  beforeAll(() => {
    tarball = pack(workspacePackage, scratch);
  });

  test('has a license, a readme, and says where it comes from and which Node it needs', () => {
    const packed = JSON.parse(tarball.read('package.json'));
    expect(tarball.entries.map((entry) => entry.path)).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'package.json']),
    );
    expect(packed).toMatchObject({
      license: 'MIT',
      engines: {node: '>=20.19'},
      repository: {url: expect.stringMatching(/^git\+https:/), directory: path},
    });
    expect(packed.description).toMatch(/\w/);
  });

  test('has no sources, tests or build leftovers', () => {
    const unwanted = /^src\/|\.test\.|\.tsbuildinfo$|node_modules|tsconfig/;
    expect(tarball.entries.filter((entry) => unwanted.test(entry.path))).toEqual([]);
  });

  test('installs without scripts and without paths of the workspace', () => {
    const packed = JSON.parse(tarball.read('package.json'));
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(Object.keys(packed.scripts ?? {})).not.toContain(script);
    }
    expect(JSON.stringify([packed.dependencies, packed.optionalDependencies])).not.toMatch(
      /workspace:|catalog:|link:|file:/,
    );
  });

  test('passes publint', async () => {
    const {buffer, byteOffset, byteLength} = readFileSync(tarball.file);
    const bytes = new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength)).buffer;
    const {messages, pkg} = await publint({pack: {tarball: bytes}, strict: true});
    expect(messages.map((message) => formatMessage(message, pkg ?? manifest))).toEqual([]);
  });

  // What is only a command or a binary has no types to be wrong.
  if (manifest.exports?.['.'] === undefined) return;

  test('passes attw', () => {
    const attw = join(root, 'test', 'node_modules', '.bin', 'attw');
    const {status, stdout} = spawnSync(
      attw,
      [tarball.file, '--profile', 'esm-only', '--format', 'ascii'],
      {encoding: 'utf8'},
    );
    expect(status, stdout).toBe(0);
  });
});
