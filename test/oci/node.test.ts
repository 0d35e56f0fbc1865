import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, inject, test} from 'vitest';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'minicontainer-node-'));
});
afterEach(() => rmSync(directory, {recursive: true, force: true}));

/** A program that says its name where Node would run. */
function fakeNode(name: string): string {
  const path = join(directory, name, 'node');
  mkdirSync(join(directory, name));
  writeFileSync(path, `#!/bin/sh\necho ${name}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What executes a command that needs Node. */
function nodeOf(command: string, env: NodeJS.ProcessEnv): string {
  return spawnSync(command, ['features'], {env, encoding: 'utf8'}).stdout.trim();
}

describe('the Node of the runtime', () => {
  test('is the one beside its command, without a PATH and before one', () => {
    fakeNode('beside');
    fakeNode('path');
    const link = join(directory, 'beside/minicontainer-oci');
    symlinkSync(join(inject('installed'), 'bin/minicontainer-oci'), link);
    expect(nodeOf(link, {})).toBe('beside');
    expect(nodeOf(link, {PATH: `${join(directory, 'path')}:/usr/bin:/bin`})).toBe('beside');
    const named = fakeNode('named');
    expect(nodeOf(link, {MINICONTAINER_NODE: named})).toBe('named');
  });

  test('is one of PATH where there is none', () => {
    fakeNode('path');
    const path = `${join(directory, 'path')}:/usr/bin:/bin`;
    expect(nodeOf(join(inject('installed'), 'bin/minicontainer-oci'), {PATH: path})).toBe('path');
  });
});
