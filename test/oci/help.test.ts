import {expect, test} from 'vitest';
import {describedVerbs} from '../../apps/oci/src/help/render.ts';
import {TestRuntime} from './harness/runtime.ts';

test('--help lists every command', () => {
  using runtime = new TestRuntime();
  const help = runtime.must('--help');
  for (const verb of describedVerbs()) expect(help).toMatch(new RegExp(`^  ${verb} +\\S`, 'm'));
  expect(help).not.toMatch(/^ {2}report/m);
});

test('every command has help, with a line for each flag, within 100 columns', () => {
  using runtime = new TestRuntime();
  for (const verb of [...describedVerbs(), undefined]) {
    const help = runtime.must(...(verb === undefined ? [] : [verb]), '--help');
    expect(help).toMatch(/^Usage: minicontainer-oci \[FLAGS\] /);
    const flags = help.split('\n').filter((line) => /^ {2}(-.| {2}),? {1,2}--/.test(line));
    expect(flags.length).toBeGreaterThan(0);
    for (const line of flags) expect(line).toMatch(/--[a-z][a-z0-9-]*( [A-Z]\S*)? {3,}\S/);
    for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  }
});

test('--version names the spec, as engines read it from runc', () => {
  using runtime = new TestRuntime();
  expect(runtime.must('--version')).toMatch(/^minicontainer-oci version \d+\.\S+\nspec: 1\.\S+\n$/);
});

test('an unknown command or flag is an error that says where help is', () => {
  using runtime = new TestRuntime();
  for (const words of [['fly'], ['list', '--fly']]) {
    const {status, stderr} = runtime.run(...words);
    expect(status).toBe(1);
    expect(stderr).toMatch(/fly.*\nhint: minicontainer-oci .*--help/);
  }
});
