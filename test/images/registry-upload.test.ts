import {randomBytes} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {type Descriptor, digestOf} from '@minicontainer/image';
import type {Credentials} from '@minicontainer/image/credentials';
import {openRegistries, type RegistryOptions} from '@minicontainer/image/registry';
import {describe, expect, test} from 'vitest';
import {registryOptions} from './harness/library-pull.ts';
import {UploadServer} from './harness/upload-server.ts';

// What a registry can do to who brings it a blob.

const captain: Credentials = {kind: 'password', username: 'captain', password: 'secret'};
const bytes = randomBytes(4 * 1024 * 1024);
const blob: Descriptor = {
  mediaType: 'application/octet-stream',
  digest: digestOf(bytes),
  size: bytes.length,
};

async function* pieces(content = bytes): AsyncGenerator<Buffer> {
  for (let from = 0; from < content.length; from += 65_536)
    yield content.subarray(from, from + 65_536);
}

async function push({host}: UploadServer, given: RegistryOptions = {}, open = () => pieces()) {
  await using registries = await openRegistries(registryOptions('/nowhere', given));
  const target = registries.pushTarget({registry: host, repository: 'x'});
  return await target.blob(blob, {open});
}

/** Takes some of the body, and then cuts the connection. */
function cutAfter(server: () => UploadServer, size: number) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const id = Number(/uploads\/(\d+)/.exec(request.url ?? '')?.[1]);
    void server()
      .take(request, id, size)
      .then(() => response.destroy());
    return true;
  };
}

describe('an upload', () => {
  test('goes where the registry says, by its own query, and is asked for once it is there', async () => {
    await using server = await UploadServer.start();
    expect(await push(server)).toBe('uploaded');
    expect(server.methods()).toEqual(['HEAD', 'POST', 'PATCH', 'PUT']);
    expect(server.blobs.get(blob.digest)?.equals(bytes)).toBe(true);
    expect(await push(server)).toBe('exists');
    expect(server.methods().slice(4)).toEqual(['HEAD']);
  });

  test('that is cut goes on from where the registry is', async () => {
    const server: UploadServer = await UploadServer.start((request, response, time) =>
      request.method === 'PATCH' && time < 3
        ? cutAfter(() => server, time * 1_000_000)(request, response)
        : false,
    );
    await using _server = server;
    expect(await push(server)).toBe('uploaded');
    expect(server.blobs.get(blob.digest)?.equals(bytes)).toBe(true);
    const patches = server.asked.filter(({method}) => method === 'PATCH');
    expect(patches.map(({range}) => range)).toEqual([
      undefined,
      `1000000-${bytes.length - 1}`,
      `2000000-${bytes.length - 1}`,
    ]);
  });

  test('that the registry has forgotten is begun anew', async () => {
    const server: UploadServer = await UploadServer.start((request, response, time) => {
      if (request.method !== 'PATCH' || time > 1) return false;
      server.forget();
      response.destroy();
      return true;
    });
    await using _server = server;
    expect(await push(server)).toBe('uploaded');
    expect(server.methods()).toEqual(['HEAD', 'POST', 'PATCH', 'GET', 'POST', 'PATCH', 'PUT']);
  });

  test('that the registry has put together wrongly is begun anew, once', async () => {
    await using server = await UploadServer.start((request, response, time) => {
      if (request.method !== 'PUT' || time > 1) return false;
      response.writeHead(400).end('{"errors": [{"code": "DIGEST_INVALID"}]}');
      return true;
    });
    expect(await push(server)).toBe('uploaded');
    await using never = await UploadServer.start((request, response) => {
      if (request.method !== 'PUT') return false;
      response.writeHead(400).end('{"errors": [{"code": "DIGEST_INVALID", "message": "not so"}]}');
      return true;
    });
    await expect(push(never)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: `${never.host} does not take blob ${blob.digest} of x: not so (400)`,
    });
    expect(never.methods().filter((method) => method === 'PATCH')).toHaveLength(2);
  });

  test('waits for a registry without time, and gives up', async () => {
    for (const method of ['POST', 'PATCH', 'PUT']) {
      await using server = await UploadServer.start((request, response, time) => {
        if (request.method !== method || time > 2) return false;
        request.resume();
        response.writeHead(503).end();
        return true;
      });
      expect(await push(server)).toBe('uploaded');
      await using never = await UploadServer.start((request, response) => {
        if (request.method !== method) return false;
        request.resume();
        response.writeHead(503).end();
        return true;
      });
      await expect(push(never)).rejects.toMatchObject({
        code: 'EREGISTRY',
        message: expect.stringContaining('(503)'),
      });
    }
  });

  test('does not tell another host who we are', async () => {
    await using elsewhere = await UploadServer.start();
    await push(elsewhere);
    const before = elsewhere.asked.length;
    await using server = await UploadServer.start((request, response) => {
      if (request.headers.authorization === undefined && request.url !== '/v2/') {
        response.writeHead(401, {'www-authenticate': 'Basic realm="x"'}).end();
        return true;
      }
      if (request.method !== 'POST') return false;
      const location = `http://${elsewhere.host}/v2/x/blobs/uploads/1?state=1%2Fof%20mine`;
      response.writeHead(202, {location}).end();
      return true;
    });
    const pushed = push(server, {credentials: async () => captain, retry: {attempts: 1}});
    // There the upload had the blob already, and has it twice then.
    await expect(pushed).rejects.toMatchObject({code: 'EREGISTRY'});
    expect(elsewhere.asked.slice(before).map(({method}) => method)).toEqual(['PATCH', 'PUT']);
    expect(elsewhere.asked.every(({authorization}) => authorization === undefined)).toBe(true);
    expect(server.asked.some(({authorization}) => authorization !== undefined)).toBe(true);
  });

  test('is not brought where others could read it', async () => {
    await using server = await UploadServer.start((request, response) => {
      if (request.method !== 'POST') return false;
      response.writeHead(202, {location: 'http://registry.example/upload'}).end();
      return true;
    });
    await expect(push(server)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: expect.stringContaining('http://registry.example/upload, which is not followed'),
    });
  });

  test('whose bytes cannot be read here says so, and is not tried again', async () => {
    await using server = await UploadServer.start();
    async function* broken(): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 1000);
      throw new Error('the disk is broken');
    }
    await expect(push(server, {}, broken)).rejects.toThrow('the disk is broken');
    expect(server.methods().filter((method) => method === 'POST')).toHaveLength(1);
    expect(server.methods()).not.toContain('PUT');
  });

  test('is ended by Ctrl-C', async () => {
    await using server = await UploadServer.start((request) => request.method === 'PATCH');
    const controller = new AbortController();
    const pushing = push(server, {signal: controller.signal});
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 200);
    await expect(pushing).rejects.toThrow('Ctrl-C');
  });
});
