import {describe, expect, it} from 'vitest';
import type {Credentials} from '../credentials/credentials.ts';
import {Authorizer, type TokenServer} from './authorizer.ts';
import {parseChallenges} from './challenge.ts';
import type {Scope} from './scope.ts';

const pull: readonly Scope[] = [{repository: 'a', actions: ['pull']}];
const push: readonly Scope[] = [{repository: 'a', actions: ['pull', 'push']}];
const captain: Credentials = {kind: 'password', username: 'captain', password: 'secret'};
const bearer = parseChallenges('Bearer realm="https://t",service="s"');
const basic = parseChallenges('Basic realm="x"');

/** With a clock that the test moves, and tokens `1`, `2`, … that live a minute. */
function authorizer(credentials?: Credentials) {
  const asked: TokenServer[] = [];
  const clock = {now: 0};
  let fails = 0;
  const subject = new Authorizer({
    credentials: async () => credentials,
    fetchToken: async (server) => {
      asked.push(server);
      if (fails-- > 0) throw new Error('no token today');
      return {value: String(asked.length), expires: clock.now + 60_000};
    },
    now: () => clock.now,
  });
  return {
    subject,
    asked,
    clock,
    fail: (times: number) => {
      fails = times;
    },
  };
}

describe('an Authorizer', () => {
  it('says nothing before it is asked', async () => {
    expect(await authorizer(captain).subject.header(pull)).toBeUndefined();
  });

  it('gets a token for each set of scopes, once for all that need it at a time', async () => {
    const {subject, asked} = authorizer();
    expect(await subject.challenged(bearer, pull, undefined)).toBe('Bearer 1');
    expect(await Promise.all([subject.header(push), subject.header(push)])).toEqual([
      'Bearer 2',
      'Bearer 2',
    ]);
    expect(await subject.header(pull)).toBe('Bearer 1');
    expect(asked).toEqual([
      {realm: 'https://t', service: 's', scopes: ['repository:a:pull']},
      {realm: 'https://t', service: 's', scopes: ['repository:a:pull,push']},
    ]);
  });

  it('renews a token before it ends, and one that is refused', async () => {
    const {subject, clock} = authorizer();
    await subject.challenged(bearer, pull, undefined);
    clock.now = 49_000;
    expect(await subject.header(pull)).toBe('Bearer 1');
    clock.now = 51_000;
    expect(await subject.header(pull)).toBe('Bearer 2');
    expect(await subject.challenged(bearer, pull, 'Bearer 2')).toBe('Bearer 3');
    // Another request was refused with a token that is gone already.
    expect(await subject.challenged(bearer, pull, 'Bearer 2')).toBe('Bearer 3');
  });

  it('asks again after a token server that failed', async () => {
    const {subject, fail} = authorizer();
    fail(1);
    await expect(subject.challenged(bearer, pull, undefined)).rejects.toThrow('no token today');
    expect(await subject.header(pull)).toBe('Bearer 2');
  });

  it('says user and password to Basic, once', async () => {
    const {subject} = authorizer(captain);
    const header = await subject.challenged(basic, pull, undefined);
    expect(header).toBe(`Basic ${Buffer.from('captain:secret').toString('base64')}`);
    expect(await subject.challenged(basic, pull, header)).toBeUndefined();
  });

  it('has no answer without credentials, with a token alone, or to what it does not know', async () => {
    expect(await authorizer().subject.challenged(basic, pull, undefined)).toBeUndefined();
    const token = authorizer({kind: 'identity-token', token: 'x'}).subject;
    expect(await token.challenged(basic, pull, undefined)).toBeUndefined();
    const negotiate = parseChallenges('Negotiate');
    expect(
      await authorizer(captain).subject.challenged(negotiate, pull, undefined),
    ).toBeUndefined();
  });

  it('prefers a token to the password itself', async () => {
    const {subject} = authorizer(captain);
    expect(await subject.challenged([...basic, ...bearer], pull, undefined)).toBe('Bearer 1');
  });
});
