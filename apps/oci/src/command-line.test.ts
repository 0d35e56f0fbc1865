import {describe, expect, test} from 'vitest';
import {parse} from './command-line.ts';

const options = {
  bundle: {type: 'string', short: 'b'},
  detach: {type: 'boolean', short: 'd'},
  cap: {type: 'string', multiple: true},
} as const;

describe('flags', () => {
  test.each([
    ['--bundle DIR', ['--bundle', '/b', 'id']],
    ['--bundle=DIR', ['--bundle=/b', 'id']],
    ['-bundle DIR, as Go has it', ['-bundle', '/b', 'id']],
    ['-b DIR', ['-b', '/b', 'id']],
    ['behind the id', ['id', '--bundle', '/b']],
    ['twice, of which the last one holds', ['--bundle', '/a', '--bundle=/b', 'id']],
    ['before what is no flag', ['--bundle', '/b', '--', 'id']],
  ])('may be %s', (_, argv) => {
    const {values, words} = parse('create', argv, options);
    expect({...values}).toEqual({bundle: '/b'});
    expect(words).toEqual(['id']);
  });

  test('given together are all there', () => {
    const argv = ['-d', '--cap', 'A', '--cap=B', '--bundle', '-', 'id', '-'];
    const {values, words} = parse('create', argv, options);
    expect({...values}).toEqual({detach: true, cap: ['A', 'B'], bundle: '-'});
    expect(words).toEqual(['id', '-']);
    const plain = parse('create', ['--detach', '--cap', 'A', '--cap=B'], options).values;
    expect({...plain}).toEqual({detach: true, cap: ['A', 'B']});
  });

  test('may have a value that looks like one, or of several lines', () => {
    const {values} = parse('create', ['--cap', '--detach', '--cap=a=b\nc'], options);
    expect({...values}).toEqual({cap: ['--detach', 'a=b\nc']});
  });

  test.each([
    ['is unknown', ['--fly'], /Unknown option '--fly'/],
    ['is one of objects', ['--constructor'], /Unknown option '--constructor'/],
    ['has no value', ['--bundle'], /argument missing/],
    ['has a value that it does not take', ['--detach=yes'], /does not take an argument/],
  ])('that %s is refused', (_, argv, message) => {
    expect(() => parse('create', argv, options)).toThrow(message);
  });

  test('of a command are its own', () => {
    const argv = ['--detach', 'id', 'ls', '--detach', '-b'];
    expect(parse('exec', argv, options, true).words).toEqual(['id', 'ls', '--detach', '-b']);
  });
});
