import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {validateSpec} from '@minicontainer/spec/schema';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';

describe('what other runtimes write', () => {
  let bundle = '';

  beforeEach(() => {
    bundle = mkdtempSync(join(tmpdir(), 'minicontainer-spec-'));
  });

  afterEach(() => {
    rmSync(bundle, {recursive: true});
  });

  it.each([
    ['runc', 'spec'],
    ['runc', 'spec', '--rootless'],
    ['crun', 'spec'],
    ['crun', 'spec', '--rootless'],
  ])('validates unchanged: %s %s %s', (program, ...args) => {
    const {error, status, stderr} = spawnSync(program, args, {cwd: bundle, encoding: 'utf8'});
    expect({error, status, stderr}).toMatchObject({error: undefined, status: 0});
    const json = readFileSync(join(bundle, 'config.json'), 'utf8');
    expect(validateSpec(JSON.parse(json))).toEqual(JSON.parse(json));
  });
});
