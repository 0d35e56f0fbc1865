import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UsageError} from '../program/usage.ts';
import {rewriteArgv} from './rewrite.ts';

const options = [
  {names: ['-i', '--interactive'], arity: 0},
  {names: ['-e', '--env'], arity: 1},
  {names: ['--network', '--net'], arity: 1},
];

function rewrite(...argv: string[]) {
  return rewriteArgv(argv, options, 'run');
}

function refusal(...argv: string[]): UsageError {
  try {
    rewrite(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('rewriteArgv', () => {
  it('gives every flag its first long name', () => {
    expect(rewrite('-ieA=b', '--net', 'host').flags).toEqual([
      {name: '--interactive', value: true},
      {name: '--env', value: 'A=b'},
      {name: '--network', value: 'host'},
    ]);
  });

  it('--help and an -h that means nothing else ask for help, before the first word only', () => {
    expect(rewrite('--help').help).toBe(true);
    expect(rewrite('-ih').help).toBe(true);
    expect(rewrite('--help=false', 'x').help).toBe(false);
    expect(rewrite('x', '--help')).toEqual({flags: [], words: ['x', '--help'], help: false});
    const withHostname = [...options, {names: ['-h', '--hostname'], arity: 1}];
    expect(rewriteArgv(['-h', 'box'], withHostname, 'run').help).toBe(false);
  });

  it('takes flags behind words where they may stand anywhere, up to --', () => {
    expect(rewriteArgv(['a', '-i', '-', '-eA=b', '--', '-i'], options, 'images', true)).toEqual({
      flags: [
        {name: '--interactive', value: true},
        {name: '--env', value: 'A=b'},
      ],
      words: ['a', '-', '-i'],
      help: false,
    });
    expect(rewriteArgv(['a', '--help'], options, 'images', true).help).toBe(true);
  });

  it('an unknown flag is named, in its cluster, with the flag that was probably meant', () => {
    expect(refusal('--netwrok', 'none')).toMatchObject({
      message: 'run: unknown flag --netwrok',
      hint: 'did you mean --network?',
    });
    expect(refusal('-iz').message).toBe('run: unknown flag -z in -iz');
    expect(refusal('-z').message).toBe('run: unknown flag -z');
    expect(refusal('-z').hint).toBe('minicontainer run --help shows how it is called');
    expect(refusal('--env-fil=x').message).toBe('run: unknown flag --env-fil');
  });

  it('a value that is missing, and a switch that is neither true nor false, are named', () => {
    expect(refusal('-e').message).toBe('run: flag -e needs a value');
    expect(refusal('-i', '--net').message).toBe('run: flag --net needs a value');
    expect(refusal('--interactive=maybe').message).toBe(
      'run: flag --interactive is true or false, not "maybe"',
    );
  });

  it('is given back as it came, whatever the words behind the first word', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        expect(rewrite('-i', '--', ...words).words).toEqual(words);
        expect(rewrite('sh', ...words).words).toEqual(['sh', ...words]);
      }),
    );
  });

  it('understands a value in each of its spellings alike, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({minLength: 2}), (value) => {
        const expected = {flags: [{name: '--env', value}], words: ['x'], help: false};
        expect(rewrite('-e', value, 'x')).toEqual(expected);
        expect(rewrite(`-e=${value}`, 'x')).toEqual(expected);
        expect(rewrite('--env', value, 'x')).toEqual(expected);
        expect(rewrite(`--env=${value}`, 'x')).toEqual(expected);
        if (!value.startsWith('=')) expect(rewrite(`-e${value}`, 'x')).toEqual(expected);
      }),
    );
  });
});
