import {once} from 'node:events';
import {copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {RegistryOptions} from '@minicontainer/image/registry';
import {afterEach, beforeEach, describe, expect, inject, test} from 'vitest';
import {issueCertificate, makeAuthority} from './harness/certificates.ts';
import {
  type Behaviour,
  HostileRegistry,
  type SmallImage,
  smallImage,
} from './harness/hostile-registry.ts';
import {pullByLibrary, registryOptions} from './harness/library-pull.ts';
import {ConnectProxy} from './harness/proxy.ts';
import {account, Registry} from './harness/registry.ts';

// How a registry is reached: by mirrors, proxies, and with certificates of its own.

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'minicontainer-reached-'));
});
afterEach(() => rmSync(scratch, {recursive: true}));

function pull(image: string, given: RegistryOptions = {}, env: NodeJS.ProcessEnv = {}) {
  const options = registryOptions(scratch, given);
  return pullByLibrary(image, join(scratch, 'store'), {...options, env: {...options.env, ...env}});
}

/** Pulls by a registries.conf: what it came to, and what was noted. */
async function pullBy(conf: string, image: string) {
  const path = join(scratch, 'registries.conf');
  writeFileSync(path, conf);
  const notes: string[] = [];
  const note = (sentence: string) => notes.push(sentence);
  const pulled = await pull(image, {note}, {CONTAINERS_REGISTRIES_CONF: path});
  return {notes, pulled};
}

function configDigestIn(manifest: Buffer): string {
  return JSON.parse(manifest.toString()).config.digest;
}

describe('registries.conf', () => {
  test('lets a mirror give what its registry cannot', async () => {
    const {registry} = inject('images');
    const conf = `
[[registry]]
location = "registry.invalid/team"
[[registry.mirror]]
location = "${registry}/fixtures"
`;
    const {notes, pulled} = await pullBy(conf, 'registry.invalid/team/everything');
    expect(pulled).toMatchObject({
      layers: 4,
      stored: {name: 'registry.invalid/team/everything:latest'},
    });
    expect(notes).toEqual([]);
  });

  test('passes over mirrors that are away or have it not, and says so', async () => {
    const {registry} = inject('images');
    const conf = `
[[registry]]
location = "${registry}"
[[registry.mirror]]
location = "localhost:1"
[[registry.mirror]]
location = "${registry}/elsewhere"
`;
    const {notes, pulled} = await pullBy(conf, `${registry}/fixtures/busybox`);
    expect(pulled.layers).toBe(1);
    expect(notes).toEqual([
      expect.stringMatching(/^the mirror localhost:1 is passed over: .*ECONNREFUSED/),
      `the mirror ${registry} is passed over: ${registry} has no repository elsewhere/fixtures/busybox (404)`,
    ]);
  });

  test('asks a mirror for digests alone for nothing that has a tag', async () => {
    const image = smallImage();
    await using mirror = await HostileRegistry.start(() => false, image);
    await using registry = await HostileRegistry.start(() => false, image);
    const conf = `
[[registry]]
location = "${registry.host}"
[[registry.mirror]]
location = "${mirror.host}"
pull-from-mirror = "digest-only"
`;
    await pullBy(conf, `${registry.host}/x`);
    const paths = ({asked}: HostileRegistry) => asked.map(({path}) => path.replace(/sha.*/, ''));
    expect(paths(registry)).toEqual(['/v2/', '/v2/x/manifests/latest']);
    expect(paths(mirror)).toEqual(['/v2/', '/v2/x/blobs/', '/v2/x/blobs/']);
  });

  test('goes on at the registry where a mirror stops in the middle of a layer', async () => {
    const image = smallImage();
    await using mirror = await HostileRegistry.start((request, response, time) => {
      if (request.url?.endsWith(image.layerDigest) !== true) return false;
      if (time > 1) {
        response.writeHead(404).end();
        return true;
      }
      response.writeHead(200, {'content-length': image.layer.length});
      response.write(image.layer.subarray(0, 500_000), () =>
        setTimeout(() => response.destroy(), 5),
      );
      return true;
    }, image);
    await using registry = await HostileRegistry.start(() => false, image);
    const conf = `
[[registry]]
location = "${registry.host}"
[[registry.mirror]]
location = "${mirror.host}"
`;
    const {notes} = await pullBy(conf, `${registry.host}/x`);
    expect(registry.askedForLayer).toMatchObject([{range: 'bytes=500000-'}]);
    expect(notes).toHaveLength(1);
  });

  /** `x` of a registry by these mirrors of it. */
  const byMirrors = (registry: HostileRegistry, ...mirrors: HostileRegistry[]) =>
    pullBy(
      [
        `[[registry]]\nlocation = "${registry.host}"`,
        ...mirrors.map(({host}) => `[[registry.mirror]]\nlocation = "${host}"`),
      ].join('\n'),
      `${registry.host}/x`,
    );

  test.each([
    ['a layer', ({layerDigest}: SmallImage) => layerDigest],
    ['a configuration', ({manifest}: SmallImage) => configDigestIn(manifest)],
  ])('believes no mirror that sends other bytes of %s: the next is asked', async (_, digestIn) => {
    const image = smallImage();
    const lie: Behaviour = (request, response) => {
      if (request.url?.endsWith(digestIn(image)) !== true) return false;
      const {length} = digestIn(image) === image.layerDigest ? image.layer : 'x'.repeat(200);
      response.end(Buffer.alloc(length));
      return true;
    };
    await using liar = await HostileRegistry.start(lie, image);
    await using mirror = await HostileRegistry.start(() => false, image);
    await using registry = await HostileRegistry.start(lie, image);
    const {notes} = await byMirrors(registry, liar, mirror);
    expect(notes).toEqual([expect.stringContaining(`the mirror ${liar.host} is passed over: `)]);
    expect(notes[0]).toContain(digestIn(image));
    expect(registry.asked).toEqual([]);
    rmSync(join(scratch, 'store'), {recursive: true});
    // At last the registry itself; and nobody else is behind that.
    await using honest = await HostileRegistry.start(() => false, image);
    expect((await byMirrors(honest, liar)).notes).toHaveLength(1);
    rmSync(join(scratch, 'store'), {recursive: true});
    await expect(byMirrors(registry, liar)).rejects.toMatchObject({code: 'EDIGEST'});
  });

  test('believes no mirror that sends another manifest for a digest', async () => {
    const [image, other] = [smallImage(), smallImage()];
    await using liar = await HostileRegistry.start((_request, response) => {
      response.writeHead(200, {'content-type': 'application/vnd.oci.image.manifest.v1+json'});
      response.end(other.manifest);
      return true;
    }, image);
    await using registry = await HostileRegistry.start(() => false, image);
    const conf = `[[registry]]\nlocation = "${registry.host}"\n[[registry.mirror]]\nlocation = "${liar.host}"\n`;
    const name = `${registry.host}/x@${image.manifestDigest}`;
    const {notes} = await pullBy(conf, name);
    expect(notes).toEqual([
      expect.stringMatching(
        new RegExp(`^the mirror ${liar.host} is passed over: .*sends another manifest`),
      ),
    ]);
    // Not even for the rest.
    expect(liar.asked.filter(({path}) => path !== '/v2/')).toHaveLength(1);
  });

  test('says once that a mirror is broken, and asks it no more', async () => {
    const {registry} = inject('images');
    await using broken = await HostileRegistry.start((_request, response) => {
      response.writeHead(500).end();
      return true;
    });
    const conf = `[[registry]]\nlocation = "${registry}"\n[[registry.mirror]]\nlocation = "${broken.host}"\n`;
    const {notes, pulled} = await pullBy(conf, `${registry}/fixtures/everything`);
    expect(pulled.layers).toBe(4);
    expect(notes).toEqual([
      expect.stringMatching(new RegExp(`^the mirror ${broken.host} is passed over: .*500`)),
    ]);
  });

  test('blocks a registry, and trusts one whose certificate nobody vouches for', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({tls: true, storage, readOnly: true});
    const insecure = `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`;
    const image = `${registry.host}/fixtures/busybox`;
    expect((await pullBy(insecure, image)).pulled.layers).toBe(1);
    const blocked = `[[registry]]\nlocation = "${registry.host}"\nblocked = true\n`;
    await expect(pullBy(blocked, image)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: `${image} is blocked: registries.conf says so for ${registry.host}`,
    });
  });
});

describe('certificates', () => {
  test('of a registry are found in certs.d, and those of the system in what SSL_CERT_FILE names', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({tls: true, storage, readOnly: true});
    const image = `${registry.host}/fixtures/busybox`;
    await expect(pull(image)).rejects.toMatchObject({code: 'ENETWORK'});
    const folder = join(scratch, '.config/containers/certs.d', registry.host);
    mkdirSync(folder, {recursive: true});
    const authority = registry.authority?.certificateFile ?? '';
    copyFileSync(authority, join(folder, 'ca.crt'));
    await pull(image);
    rmSync(folder, {recursive: true});
    await expect(pull(image)).rejects.toMatchObject({code: 'ENETWORK'});
    await pull(image, {}, {SSL_CERT_FILE: authority});
  });

  test('are shown to who asks for them', async () => {
    const authority = makeAuthority(scratch);
    const [server, client] = ['server', 'client'].map((name) =>
      issueCertificate(scratch, authority, name),
    );
    const image = smallImage();
    await using plain = await HostileRegistry.start(() => false, image);
    const closed = createServer({
      key: readFileSync(server?.keyFile ?? ''),
      cert: readFileSync(server?.certificateFile ?? ''),
      ca: readFileSync(authority.certificateFile),
      requestCert: true,
      rejectUnauthorized: true,
    });
    closed.on('request', (request, response) => plain.answer(request, response));
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const host = `localhost:${(closed.address() as AddressInfo).port}`;
    const certDir = join(scratch, 'certs');
    mkdirSync(certDir);
    copyFileSync(authority.certificateFile, join(certDir, 'ca.crt'));
    try {
      await expect(pull(`${host}/x`, {certDir})).rejects.toMatchObject({code: 'ENETWORK'});
      copyFileSync(client?.certificateFile ?? '', join(certDir, 'client.cert'));
      await expect(pull(`${host}/x`, {certDir})).rejects.toMatchObject({
        code: 'ECONFIG',
        message: `the client certificate ${join(certDir, 'client.cert')} has no key`,
      });
      writeFileSync(join(certDir, 'client.key'), 'no key');
      await expect(pull(`${host}/x`, {certDir})).rejects.toMatchObject({
        code: 'ECONFIG',
        message: expect.stringContaining(`the certificates for ${host} cannot be used`),
      });
      copyFileSync(client?.keyFile ?? '', join(certDir, 'client.key'));
      await pull(`${host}/x`, {certDir});
    } finally {
      closed.closeAllConnections();
      closed.close();
    }
  });

  test('for another host are not believed', async () => {
    const {storage} = inject('images');
    await using registry = await Registry.start({tls: true, storage, readOnly: true});
    await using proxy = await ConnectProxy.start(Number(registry.host.split(':')[1]));
    const given = {certDir: registry.certificates};
    const env = {https_proxy: proxy.url};
    await expect(pull('registry.example/fixtures/busybox', given, env)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining('its certificate is not trusted'),
    });
  });
});

describe('a proxy', () => {
  test('is asked as the environment says, with its own user and password', async () => {
    await using registry = await HostileRegistry.start(() => false);
    const port = Number(registry.host.split(':')[1]);
    await using proxy = await ConnectProxy.start(port);
    const insecure = {tlsVerify: false};
    await pull('registry.example/x', insecure, {
      HTTP_PROXY: `http://user:pass%20word@${proxy.url}`,
      HTTPS_PROXY: proxy.url,
    });
    expect([...new Set(proxy.asked.map(({host}) => host))]).toEqual([
      'registry.example:443',
      'registry.example:80',
    ]);
    const basic = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
    expect(proxy.asked.filter(({host}) => host.endsWith(':80'))).toEqual(
      expect.arrayContaining([{host: 'registry.example:80', authorization: basic}]),
    );
    expect(registry.asked.every(({authorization}) => authorization === undefined)).toBe(true);
  });

  test('is not asked for this machine, nor for what NO_PROXY names', async () => {
    await using registry = await HostileRegistry.start(() => false);
    await using proxy = await ConnectProxy.start(1);
    const all = {HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url};
    await pull(`${registry.host}/x`, {}, all);
    for (const NO_PROXY of ['localhost,.invalid', '10.0.0.0/8,*']) {
      const without = pull('registry.invalid/x', {}, {...all, NO_PROXY});
      await expect(without).rejects.toMatchObject({
        code: 'ENETWORK',
        message: expect.stringMatching(/cannot reach registry.invalid: .*(ENOTFOUND|EAI_AGAIN)/),
      });
    }
    await using named = await ConnectProxy.start(1);
    const retry = {firstPauseMs: 1, attempts: 1};
    const network = {HTTPS_PROXY: named.url, NO_PROXY: '192.0.2.0/24'};
    await expect(pull('192.0.3.1/x', {retry}, network)).rejects.toThrow('the proxy');
    expect(named.asked).toHaveLength(1);
    const idle = {retry, idleTimeoutMs: 200};
    await expect(pull('192.0.2.1/x', idle, network)).rejects.toThrow('192.0.2.1');
    expect(named.asked).toHaveLength(1);
    expect(proxy.asked).toEqual([]);
  });

  test('that does not work is named', async () => {
    const retry = {firstPauseMs: 1, attempts: 2};
    // Nobody listens; nobody answers; who knows no CONNECT closes the connection; who refuses it.
    await using silent = await HostileRegistry.start(() => true);
    silent.onConnect(() => {});
    await using deaf = await HostileRegistry.start(() => false);
    await using refusing = await HostileRegistry.start(() => false);
    refusing.onConnect((socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
    );
    const failures: [string, string][] = [
      [
        'localhost:1',
        'cannot reach the proxy localhost:1: the connection is refused (ECONNREFUSED)',
      ],
      [silent.host, `cannot reach the proxy ${silent.host}: it did not answer in time`],
      [deaf.host, `cannot reach the proxy ${deaf.host}: the connection was cut`],
      [refusing.host, 'cannot reach registry.example: the proxy answered 407'],
    ];
    for (const [HTTPS_PROXY, message] of failures) {
      const pulling = pull('registry.example/x', {retry, idleTimeoutMs: 500}, {HTTPS_PROXY});
      await expect(pulling).rejects.toMatchObject({code: 'ENETWORK', message});
    }
    expect(deaf.connections).toBe(2);
  });
});

test('a login is told to the registry alone, not to its proxy', async () => {
  const {storage} = inject('images');
  await using registry = await Registry.start({auth: 'basic', storage, readOnly: true});
  await using proxy = await ConnectProxy.start(Number(registry.host.split(':')[1]));
  const credentials = async () =>
    ({kind: 'password', username: account.user, password: account.password}) as const;
  const given = {credentials, tlsVerify: false};
  await pull('registry.example/fixtures/busybox', given, {HTTPS_PROXY: proxy.url});
  expect(proxy.asked.length).toBeGreaterThan(0);
  expect(proxy.asked.every(({authorization}) => authorization === undefined)).toBe(true);
});
