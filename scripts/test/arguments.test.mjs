import {expect, test} from 'vitest';
import {parseArguments} from './arguments.mjs';

test('takes its own flags and leaves the others to vitest', () => {
  expect(parseArguments(['--suite', 'e2e', '-t', 'name'])).toEqual({
    suite: 'e2e',
    long: false,
    rest: ['-t', 'name'],
  });
  expect(parseArguments(['--suite=unit', '--long'])).toEqual({suite: 'unit', long: true, rest: []});
});
