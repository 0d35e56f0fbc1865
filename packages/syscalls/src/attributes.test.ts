import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {hasAttribute} from './attributes.ts';

test('an attribute is seen where it was set, and nowhere else', () => {
  const directory = mkdtempSync(join(tmpdir(), 'attributes-'));
  const file = join(directory, 'file');
  try {
    writeFileSync(file, '');
    expect(hasAttribute(file, 'user.known')).toBe(false);
    const script = 'import os, sys; os.setxattr(sys.argv[1], "user.known", b"yes")';
    execFileSync('python3', ['-c', script, file]);
    expect(hasAttribute(file, 'user.known')).toBe(true);
    expect(hasAttribute(join(directory, 'absent'), 'user.known')).toBe(false);
  } finally {
    rmSync(directory, {recursive: true});
  }
});
