import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {criuError, findCriu} from './criu.ts';

test('without criu the error says how to get it', () => {
  expect(() => findCriu('no-such-criu')).toThrow(
    expect.objectContaining({code: 'ECRIU', hint: expect.stringContaining('apt-get install criu')}),
  );
});

test('a failure is told in the words of its log that say why', () => {
  const directory = mkdtempSync(join(tmpdir(), 'criu-log-'));
  const log = join(directory, 'dump.log');
  writeFileSync(
    log,
    "(00.1) Warn  (x.c:1): odd\n(00.2) Error (a.c:1): no tar\n(00.3) Error (b.c:2): Can't dump tmpfs\n(00.4) Error (criu/cr-dump.c:2053): Dumping FAILED.\n",
  );
  expect(criuError(log).message).toBe("criu failed: Can't dump tmpfs");
  rmSync(directory, {recursive: true});
  expect(criuError(log).message).toBe('criu failed: it wrote no log');
});
