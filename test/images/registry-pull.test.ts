import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Platform, parsePlatform, parseReference} from '@minicontainer/image';
import type {Credentials} from '@minicontainer/image/credentials';
import {openRegistries, type RegistryOptions} from '@minicontainer/image/registry';
import {afterEach, beforeEach, describe, expect, inject, test} from 'vitest';
import {pullByLibrary, registryOptions} from './harness/library-pull.ts';
import {account, Registry} from './harness/registry.ts';
import {refreshToken} from './harness/token-server.ts';

// What the registry client gets from Debian's docker-registry, in each way that it can be closed.

const captain: Credentials = {
  kind: 'password',
  username: account.user,
  password: account.password,
};

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'minicontainer-pull-'));
});
afterEach(() => rmSync(scratch, {recursive: true}));

/** Into a store of the test's own. */
function pull(image: string, given?: RegistryOptions, platform?: Platform) {
  return pullByLibrary(image, join(scratch, 'store'), registryOptions(scratch, given), platform);
}

describe('a registry without a lock', () => {
  test('gives images of one platform and of several', async () => {
    const {registry} = inject('images');
    expect((await pull(`${registry}/fixtures/everything`)).layers).toBe(4);
    expect((await pull(`${registry}/docker/everything`)).layers).toBe(4);
    const many = `${registry}/fixtures/many-platforms`;
    const here = await pull(many);
    const there = await pull(many, {}, parsePlatform('linux/arm64'));
    expect(here.descriptor).toEqual(there.descriptor);
    expect(here.digest).not.toBe(there.digest);
    await expect(pull(many, {}, parsePlatform('linux/s390x'))).rejects.toThrow(
      'no image for linux/s390x',
    );
  });

  test('gives the same by digest, and nothing else by it', async () => {
    const {registry} = inject('images');
    const {descriptor} = await pull(`${registry}/fixtures/busybox`);
    const again = await pull(`${registry}/fixtures/busybox@${descriptor.digest}`);
    expect(again.descriptor).toEqual(descriptor);
    await expect(
      pull(`${registry}/fixtures/busybox@sha256:${'0'.repeat(64)}`),
    ).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: expect.stringMatching(
        /^localhost:\d+ has no fixtures\/busybox@sha256:0+: .*\(404\)$/,
      ),
    });
  });

  test('says whether it is the repository or the tag that is not there', async () => {
    const {registry} = inject('images');
    await expect(pull(`${registry}/fixtures/busybox:12`)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: `${registry} has no fixtures/busybox:12: manifest unknown (404)`,
      hint: 'its tags are latest',
    });
    await expect(pull(`${registry}/nobody/nothing`)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: `${registry} has no repository nobody/nothing (404)`,
    });
  });

  test('is not spoken to in plain http when that is forbidden', async () => {
    const image = `${inject('images').registry}/fixtures/busybox`;
    await expect(pull(image, {tlsVerify: true})).rejects.toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining('speaks plain HTTP'),
      hint: expect.stringContaining('--tls-verify=false'),
    });
    await pull(image, {tlsVerify: false});
  });
});

describe.each(['basic', 'bearer'] as const)('a registry with %s', (auth) => {
  test('gives to who has the password, and says to others how to log in', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({auth, storage, readOnly: true});
    const image = `${registry.host}/fixtures/layers-100`;
    const certDir = registry.certificates;
    const asked: string[] = [];
    const credentials = async (host: string, name: string) => {
      asked.push(`${host} ${name}`);
      return captain;
    };
    expect((await pull(image, {certDir, credentials})).layers).toBe(100);
    expect(asked).toEqual([`${registry.host} fixtures/layers-100`]);
    await expect(pull(image, {certDir})).rejects.toMatchObject({
      code: 'EAUTH',
      message: expect.stringMatching(/authentication required.*\(401\)$/),
      hint: expect.stringContaining(`minicontainer login ${registry.host}`),
    });
    const wrong: Credentials = {kind: 'password', username: account.user, password: 'wrong-secret'};
    const refused = pull(image, {certDir, credentials: async () => wrong});
    await expect(refused).rejects.toMatchObject({code: 'EAUTH'});
    await expect(refused).rejects.not.toThrow('wrong-secret');
  });

  test('is trusted by its authority alone', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({auth, storage, readOnly: true});
    const image = `${registry.host}/fixtures/busybox`;
    const credentials = async () => captain;
    await expect(pull(image, {credentials})).rejects.toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining('its certificate is not trusted'),
      hint: expect.stringContaining(`/etc/containers/certs.d/${registry.host}/ca.crt`),
    });
    await pull(image, {credentials, tlsVerify: false});
  });
});

describe('a token server', () => {
  test('gives one token for all of a pull, and another when that has ended', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({auth: 'bearer', storage, readOnly: true});
    const {tokens} = registry;
    const image = `${registry.host}/fixtures/layers-100`;
    const given = {certDir: registry.certificates, credentials: async () => captain};
    await pull(image, given);
    expect(tokens?.requests).toEqual([
      {method: 'GET', scopes: ['repository:fixtures/layers-100:pull'], user: account.user},
    ]);
    await using registries = await openRegistries(registryOptions(scratch, given));
    const repository = registries.repository(parseReference(image));
    if (tokens !== undefined) tokens.lifetimeSeconds = -100;
    await expect(repository.resolve({})).rejects.toMatchObject({code: 'EAUTH'});
    if (tokens !== undefined) tokens.lifetimeSeconds = 300;
    await repository.resolve({});
  });

  test('takes an identity token for a password', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({auth: 'bearer', storage, readOnly: true});
    const token = {kind: 'identity-token', token: refreshToken} as const;
    const given = {certDir: registry.certificates, credentials: async () => token};
    await pull(`${registry.host}/fixtures/busybox`, given);
    expect(registry.tokens?.requests).toMatchObject([{method: 'POST', user: account.user}]);
  });
});
