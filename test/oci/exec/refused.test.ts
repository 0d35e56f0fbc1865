import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {describeEach} from '../../e2e/harness/people.ts';
import {TestContainer} from './container.ts';

describeEach('what cannot run in a container', (person) => {
  let container: TestContainer;
  beforeAll(() => {
    container = new TestContainer({as: person});
  });
  afterAll(() => container[Symbol.dispose]());

  test.each<[string[], string[], string]>([
    [['nosuch'], [], 'executable file not found in $PATH'],
    [['/bin/nosuch'], [], '"/bin/nosuch": no such file or directory'],
    [['/etc'], [], '"/etc": permission denied'],
    [['/etc/passwd'], [], '"/etc/passwd": permission denied'],
    [['true'], ['--cwd', '/nosuch'], 'no such file or directory'],
    [['true'], ['--cwd', '/proc/self/fd/5'], 'the working directory'],
    [['true'], ['--cwd', '/proc/self/fd/8/../../..'], 'the working directory'],
    [['true'], ['--user', '-1'], 'is no number of an id'],
    [['true'], ['--user', '0x0'], 'is no number of an id'],
    [['true'], ['--user', '1000:'], 'is no number of an id'],
    [['true'], ['--user', '4294967295'], 'is no number of an id'],
    [['true'], ['--nosuch'], '--nosuch'],
    [[], [], 'a command'],
  ])('fails by an exit code and words that engines know: %j %j', (words, flags, message) => {
    const log = join(container.scratch, 'log');
    const {status, stderr} = container.run([
      ...['--log', log, '--log-format', 'json', 'exec'],
      ...flags,
      container.id,
      ...words,
    ]);
    expect([status, stderr]).toEqual([255, expect.stringContaining(message)]);
    const line = JSON.parse(readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '');
    expect(line).toMatchObject({level: 'error', msg: expect.stringContaining(message)});
  });
});

test('nothing runs in a container that there is not', () => {
  using container = new TestContainer();
  expect(container.run(['exec', 'nosuch', 'true'])).toMatchObject({
    status: 255,
    stderr: 'minicontainer-oci: container "nosuch" does not exist\n',
  });
});

describe('an exec that fails', () => {
  test.each([[['nosuch']], [['true']]])('leaves no process behind: %j', (words) => {
    using container = new TestContainer();
    container.exec(words);
    const {stdout} = container.exec(['sh', '-c', 'ls /proc | grep -c "^[0-9]"']);
    // The first one, sh, ls and grep.
    expect(Number(stdout)).toBe(4);
  });
});
