import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {constants, tmpdir} from 'node:os';
import {join} from 'node:path';
import type {MinicontainerError} from '@minicontainer/errors';
import {encodePlan, operation} from '@minicontainer/plan';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {explainFailure} from './report.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'minicontainer-report-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, {recursive: true});
});

/** What nsexec reports of a command that it could not execute. */
function failure(command: string, bytes?: Buffer): MinicontainerError {
  const plan = encodePlan({
    operations: [
      operation('exec', 'execute', {argv: [command], env: [], search: '/bin'}, 'the command'),
    ],
    seal: false,
  });
  writeFileSync(join(place, 'plan'), bytes ?? plan);
  const fd = openSync(join(place, 'plan'), 'r');
  try {
    return explainFailure({fd, index: 0, errno: constants.errno.ENOENT, detail: command});
  } finally {
    closeSync(fd);
  }
}

function program(name: string): string {
  const path = join(place, name);
  writeFileSync(path, '', {mode: 0o755});
  return path;
}

describe('a command that the container has not', () => {
  test('but the host has, by name: its directory can be bound', () => {
    program('only-here');
    vi.stubEnv('PATH', place);
    expect(failure('only-here')).toMatchObject({
      code: 'ENOEXECUTABLE',
      exitCode: 127,
      hint: `the host has it: bind its directory with -v ${place}:${place}`,
    });
  });

  test('but the host has, by path: its directory can be bound', () => {
    expect(failure(program('here')).hint).toContain(`-v ${place}:${place}`);
  });

  test('but the host has at the top: it is bound itself, as / cannot be', () => {
    const directory = failure('/proc');
    expect(directory.hint).not.toContain(' /:/');
  });

  test('as the directory one is in is not there', () => {
    expect(failure('./build.sh').hint).toBe('bind the directory: -v "$PWD:$PWD" -w "$PWD"');
    expect(failure('../x').hint).toContain('$PWD');
  });

  test('nor the host: then it is the spelling', () => {
    for (const command of ['bahs', '/bin/bahs', 'sub/bahs']) {
      expect(failure(command)).toMatchObject({
        exitCode: 127,
        hint: expect.stringContaining('spelling'),
      });
    }
  });
});

test('a plan that cannot be read leaves the errno at least', () => {
  expect(failure('sh', Buffer.from('not a plan'))).toMatchObject({
    exitCode: 125,
    message: expect.stringContaining('ENOENT'),
  });
});
