import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {validateSpec} from '@minicontainer/spec/schema';
import {describe, expect, test} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

describe('spec', () => {
  test('writes a configuration with all that the one of runc has', () => {
    using runtime = new TestRuntime();
    using runc = new TestRuntime('runc');
    const [found, yardstick] = [runtime, runc].map((one) => {
      one.must('spec', '--bundle', one.scratch);
      return JSON.parse(readFileSync(join(one.scratch, 'config.json'), 'utf8'));
    });
    validateSpec(found, 'config.json');
    expect(Object.keys(found)).toEqual(expect.arrayContaining(Object.keys(yardstick)));
    for (const key of ['terminal', 'args', 'cwd', 'noNewPrivileges', 'rlimits']) {
      expect(found.process[key]).toEqual(yardstick.process[key]);
    }
    expect(found.root).toEqual(yardstick.root);
    const destinations = (spec: {mounts: {destination: string}[]}) =>
      spec.mounts.map(({destination}) => destination).sort();
    expect(destinations(found)).toEqual(destinations(yardstick));
  });

  test('--rootless makes its caller root of a user namespace, without limits', () => {
    using runtime = new TestRuntime();
    runtime.must('spec', '--rootless', '-b', runtime.scratch);
    const {linux} = JSON.parse(readFileSync(join(runtime.scratch, 'config.json'), 'utf8'));
    expect(linux.namespaces).toContainEqual({type: 'user'});
    expect(linux.uidMappings).toEqual([{containerID: 0, hostID: process.getuid?.(), size: 1}]);
    expect(linux.resources).toBeUndefined();
  });

  test('leaves a config.json that is there as it is', () => {
    using runtime = new TestRuntime();
    mkdirSync(runtime.scratch, {recursive: true});
    const path = join(runtime.scratch, 'config.json');
    writeFileSync(path, 'mine');
    const {status, stderr} = runtime.run('spec', '--bundle', runtime.scratch);
    expect([status, stderr]).toEqual([1, expect.stringContaining('exists. Remove it first')]);
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });
});
