import {chmodSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test, vi} from 'vitest';
import {TestRuntime} from './harness/runtime.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a create keeps what V8 compiled for the next, which takes it', () => {
  using runtime = new TestRuntime();
  vi.stubEnv('MINICONTAINER_CACHE', runtime.scratch);
  const cache = join(runtime.scratch, 'code');
  const bundle = runtime.bundle('one', ['true']);
  runtime.create(bundle, 'first');
  const [file = '', ...more] = readdirSync(cache);
  expect(more).toEqual([]);
  expect(statSync(join(cache, file)).mode & 0o777).toBe(0o600);
  const {ino} = statSync(join(cache, file));
  runtime.create(runtime.bundle('two', ['true']), 'second');
  expect(readdirSync(cache)).toEqual([file]);
  expect(statSync(join(cache, file)).ino).toBe(ino);
});

test('what is no code of V8 there is written anew', () => {
  using runtime = new TestRuntime();
  vi.stubEnv('MINICONTAINER_CACHE', runtime.scratch);
  const cache = join(runtime.scratch, 'code');
  const bundle = runtime.bundle('one', ['true']);
  runtime.create(bundle, 'first');
  const [file = ''] = readdirSync(cache);
  writeFileSync(join(cache, file), 'x'.repeat(100_000));
  runtime.create(runtime.bundle('two', ['true']), 'second');
  expect(statSync(join(cache, file)).size).not.toBe(100_000);
});

test('code that others can write is not executed, nor written over', () => {
  using runtime = new TestRuntime();
  vi.stubEnv('MINICONTAINER_CACHE', runtime.scratch);
  const cache = join(runtime.scratch, 'code');
  const bundle = runtime.bundle('one', ['true']);
  runtime.create(bundle, 'first');
  const [file = ''] = readdirSync(cache);
  // V8 would crash of it, or do anything at all.
  const code = readFileSync(join(cache, file));
  writeFileSync(join(cache, file), code.fill(0xff, 200));
  chmodSync(cache, 0o777);
  runtime.create(runtime.bundle('two', ['true']), 'second');
  expect(readFileSync(join(cache, file))).toEqual(code);
});

test('settings of the caller for Node are not for the runtime', () => {
  using runtime = new TestRuntime();
  const module = join(runtime.scratch, 'module.cjs');
  writeFileSync(module, 'process.exit(99);');
  vi.stubEnv('NODE_OPTIONS', `--require ${module}`);
  runtime.create(runtime.bundle('one', ['true']), 'first');
  expect(runtime.must('list', '--quiet')).toBe('first\n');
});

test('a Node that does not know our option is started without', () => {
  using runtime = new TestRuntime();
  const node = join(runtime.scratch, 'node');
  const script = `[ "\${1#--}" = "$1" ] || exit 9; exec ${process.execPath} "$@"`;
  writeFileSync(node, `#!/bin/sh\n${script}\n`, {mode: 0o755});
  vi.stubEnv('MINICONTAINER_NODE', node);
  runtime.create(runtime.bundle('one', ['true']), 'first');
  expect(runtime.must('list', '--quiet')).toBe('first\n');
});

test('help is help before the verb, too', () => {
  using runtime = new TestRuntime();
  expect(runtime.must('--help', 'create', 'x')).toMatch(/^Usage: .* create /);
});
