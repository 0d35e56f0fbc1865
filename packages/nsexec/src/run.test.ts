import {chmodSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {operation, type Plan} from '@minicontainer/plan';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {runPlan} from './run.ts';

const plan: Plan = {
  operations: [operation('confine', 'changeDirectory', {path: '/w'}, 'asked for')],
  seal: false,
};
let place = '';
let planPath = '';

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'minicontainer-run-'));
  planPath = join(place, 'plan');
  writeFileSync(planPath, 'the bytes');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(place, {recursive: true});
});

/** In nsexec's place: a script, with the plan on descriptor 3 and the report on 4. */
function standIn(script: string): void {
  const path = join(place, 'nsexec');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('MINICONTAINER_NSEXEC', path);
}

async function textOf(running: ReturnType<typeof runPlan>): Promise<string> {
  let text = '';
  for await (const chunk of running.process.stdout ?? []) text += String(chunk);
  return text;
}

describe('a plan that is run', () => {
  test('is read by nsexec, which is told where to report', async () => {
    standIn('echo "$*"; cat <&3');
    const running = runPlan(plan, {planPath, stdio: ['ignore', 'pipe', 'inherit']});
    expect(await textOf(running)).toBe('--report 4 3\nthe bytes');
    expect(await running.result).toEqual({exitCode: 0, outOfMemoryKills: 0});
  });

  test('is only undone where that is asked for', async () => {
    standIn('echo "$*"');
    const running = runPlan(plan, {planPath, cleanup: true, stdio: ['ignore', 'pipe', 'inherit']});
    expect(await textOf(running)).toBe('--report 4 --cleanup 3\n');
  });

  test('ends as the command does', async () => {
    standIn('exit 42');
    expect(await runPlan(plan, {planPath}).result).toEqual({exitCode: 42, outOfMemoryKills: 0});
  });

  test('keeps descriptors open for as long as nsexec lives', async () => {
    const lock = openSync(join(place, 'lock'), 'w');
    standIn('readlink /proc/$$/fd/5');
    const running = runPlan(plan, {
      planPath,
      keepOpen: [lock],
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(await textOf(running)).toBe(`${place}/lock\n`);
  });

  test('ends as killed when nsexec itself is', async () => {
    standIn('kill -KILL $$');
    expect(await runPlan(plan, {planPath}).result).toEqual({exitCode: 137, outOfMemoryKills: 0});
  });
});

describe('a plan that fails', () => {
  test('is the error of its operation', async () => {
    standIn('echo "0 2 /w" >&4; exit 125');
    await expect(runPlan(plan, {planPath}).result).rejects.toMatchObject({
      code: 'EWORKDIR',
      operation: 'changeDirectory',
      errnoName: 'ENOENT',
    });
  });

  test('says so when the report is none', async () => {
    standIn('echo "what?" >&4');
    await expect(runPlan(plan, {planPath}).result).rejects.toMatchObject({code: 'EREPORT'});
  });

  test('says so when nsexec cannot be executed', async () => {
    standIn('');
    writeFileSync(join(place, 'nsexec'), '#!/no/such/interpreter\n');
    await expect((async () => runPlan(plan, {planPath}).result)()).rejects.toMatchObject({
      code: 'ENSEXEC',
    });
  });

  test('says so when there is no plan', () => {
    standIn('');
    expect(() => runPlan(plan, {planPath: join(place, 'none')})).toThrow(/ENOENT/);
  });
});
