import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, it} from 'vitest';
import {networkFailure, speaksPlainHttp} from './network-failure.ts';
import {TransientFailure} from './transient-failure.ts';

const url = new URL('https://registry.example:5000/v2/');

function failure(code: string, message = 'x') {
  return networkFailure(Object.assign(new Error(message), {code}), url);
}

describe('networkFailure', () => {
  it.each([
    ['ECONNREFUSED', 'the connection is refused', 'check that the registry runs'],
    ['ENOTFOUND', 'no such host', '/etc/resolv.conf'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted', '--cert-dir'],
    ['CERT_HAS_EXPIRED', 'its certificate is not trusted', 'certs.d/registry.example:5000/ca.crt'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'it speaks plain HTTP', '--tls-verify=false'],
    ['ENETUNREACH', 'there is no route to it', 'HTTPS_PROXY'],
  ])('explains %s', (code, reason, hint) => {
    expect(failure(code)).toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining(`cannot reach registry.example:5000: ${reason}`),
      hint: expect.stringContaining(hint),
    });
    expect(failure(code)).not.toBeInstanceOf(TransientFailure);
  });

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])(
    'takes %s for something that may pass',
    (code) => expect(failure(code)).toBeInstanceOf(TransientFailure),
  );

  it('finds what is underneath: of several addresses the first, of what wraps its cause', () => {
    const refused = Object.assign(new Error('connect'), {code: 'ECONNREFUSED'});
    for (const error of [
      new AggregateError([refused, new Error('other')]),
      new TypeError('fetch failed', {cause: refused}),
    ]) {
      expect(networkFailure(error, url).message).toContain('the connection is refused');
    }
  });

  it('leaves an error of ours as it is, and tells one that nobody knows in its own words', () => {
    const ours = new MinicontainerError('EAUTH', 'no');
    expect(networkFailure(ours, url)).toBe(ours);
    expect(failure('EODD', 'odd\nthing').message).toBe(
      'cannot reach registry.example:5000: odd thing (EODD)',
    );
    expect(networkFailure('thrown', url).message).toContain('thrown');
    expect(failure('HPE_INVALID_CONSTANT').message).toContain('no HTTP');
  });
});

it('knows plain http by what OpenSSL makes of it', () => {
  const error = Object.assign(new Error('ssl3_get_record:wrong version number'), {code: 'EPROTO'});
  expect(speaksPlainHttp(error)).toBe(true);
  expect(speaksPlainHttp(Object.assign(new Error('x'), {code: 'EPROTO'}))).toBe(false);
});
