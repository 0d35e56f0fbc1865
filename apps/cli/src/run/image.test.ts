import {describe, expect, it} from 'vitest';
import {RunCommand} from '../commands/run.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';
import {imageByFlag, imageFetching} from './image.ts';

function parse(...argv: string[]): RunCommand {
  const command = parseCommand(RunCommand, [...argv, 'debian', '/bin/sh']);
  if (command === undefined) throw new Error('it asks for help');
  return command;
}

describe('the image of run', () => {
  it('is fetched if it is missing, for this machine, unless flags say otherwise', () => {
    expect(imageFetching(parse())).toEqual({policy: 'missing', quiet: false, access: {}});
    const flags = `--pull always -q --platform linux/arm64 --authfile a.json --creds me:secret
      --cert-dir certs --tls-verify=false`;
    expect(imageFetching(parse(...flags.split(/\s+/)))).toEqual({
      policy: 'always',
      quiet: true,
      platform: 'linux/arm64',
      access: {tlsVerify: false, creds: 'me:secret', authFile: 'a.json', certDir: 'certs'},
    });
  });

  it.each(['missing', 'always', 'newer', 'never'])('--pull is %s', (policy) => {
    expect(imageFetching(parse('--pull', policy)).policy).toBe(policy);
  });

  it('--pull is nothing else', () => {
    expect(() => imageFetching(parse('--pull', 'a b'))).toThrow(
      new UsageError('run', `--pull is missing, always, newer, never, not 'a b'`),
    );
  });

  it('is what --image says, once', () => {
    expect(imageByFlag(parse())).toBeUndefined();
    expect(imageByFlag(parse('--image', 'debian'))).toBe('debian');
    expect(() => imageByFlag(parse('--image', 'a', '--image', 'b'))).toThrow(/given twice/);
    expect(() => imageByFlag(parse('--image='))).toThrow(/names no image/);
  });
});
