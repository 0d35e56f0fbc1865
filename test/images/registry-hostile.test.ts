import {mkdtempSync, readdirSync, rmSync, statSync} from 'node:fs';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {parsePlatform} from '@minicontainer/image';
import type {Credentials} from '@minicontainer/image/credentials';
import type {RegistryOptions} from '@minicontainer/image/registry';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {HostileRegistry, smallImage} from './harness/hostile-registry.ts';
import {pullByLibrary, registryOptions} from './harness/library-pull.ts';

// What a broken or a bad registry can do to who pulls from it: a table that grows.

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'minicontainer-hostile-'));
});
afterEach(() => rmSync(scratch, {recursive: true}));

const captain: Credentials = {kind: 'password', username: 'captain', password: 'secret'};

function pull({host}: {host: string}, given: RegistryOptions = {}, name = 'x') {
  const options = registryOptions(scratch, given);
  const platform = parsePlatform('linux/amd64');
  return pullByLibrary(`${host}/${name}`, join(scratch, 'store'), options, platform);
}

/** What is left of downloads: name and size. */
function partial(): string[] {
  const folder = join(scratch, 'store/ingest');
  return readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).size}`);
}

function isLayer({url}: IncomingMessage, layer: {layerDigest: string}): boolean {
  return url?.endsWith(layer.layerDigest) === true;
}

/** Some bytes of the layer, as if all were to come, and then nothing but a closed connection. */
function cutAfter(
  response: ServerResponse,
  bytes: Buffer,
  headers: Record<string, string | number>,
) {
  response.writeHead('content-range' in headers ? 206 : 200, headers);
  response.write(bytes, () => setTimeout(() => response.destroy(), 5));
  return true;
}

describe('a registry that cuts connections', () => {
  test('is asked for the rest, as often as it goes on', async () => {
    const image = smallImage();
    const {length} = image.layer;
    const step = 500_000;
    await using registry = await HostileRegistry.start((request, response) => {
      if (!isLayer(request, image)) return false;
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      return cutAfter(response, image.layer.subarray(from, from + step), {
        'content-length': length - from,
        ...(from > 0 ? {'content-range': `bytes ${from}-${length - 1}/${length}`} : {}),
      });
    }, image);
    expect((await pull(registry, {retry: {firstPauseMs: 1, attempts: 20}})).layers).toBe(1);
    const ranges = registry.askedForLayer.map(({range}) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(ranges.length).toBeGreaterThanOrEqual(length / step);
    expect(ranges).toEqual([...ranges].sort((one, other) => one - other));
    expect(ranges[1]).toBeGreaterThan(0);
    expect(partial()).toEqual([]);
  });

  test('and then sends all of it again gives the same, without what is there already', async () => {
    const image = smallImage();
    const {length} = image.layer;
    await using registry = await HostileRegistry.start((request, response, time) => {
      if (!isLayer(request, image)) return false;
      delete request.headers.range;
      return time < 3
        ? cutAfter(response, image.layer.subarray(0, time * 1_000_000), {'content-length': length})
        : false;
    }, image);
    await pull(registry);
    expect(registry.askedForLayer).toHaveLength(3);
  });

  test('and counts wrong is asked for all of it', async () => {
    for (const wrong of ['bytes 5-9/10', 'bytes 0-99/*', undefined, 'nonsense']) {
      const image = smallImage();
      const {length} = image.layer;
      await using registry = await HostileRegistry.start((request, response, time) => {
        if (!isLayer(request, image)) return false;
        if (time === 1) {
          return cutAfter(response, image.layer.subarray(0, 100_000), {'content-length': length});
        }
        if (request.headers.range === undefined) return false;
        response.writeHead(206, wrong === undefined ? {} : {'content-range': wrong});
        response.end(Buffer.alloc(1000));
        return true;
      }, image);
      await pull(registry);
      expect(registry.askedForLayer.map(({range}) => range)).toEqual([
        undefined,
        expect.stringMatching(/^bytes=\d+-$/),
        undefined,
      ]);
      rmSync(join(scratch, 'store'), {recursive: true});
    }
  });

  test('and knows no ranges is asked for all of it', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response, time) => {
      if (!isLayer(request, image)) return false;
      if (time === 1) {
        const headers = {'content-length': image.layer.length};
        return cutAfter(response, image.layer.subarray(0, 100_000), headers);
      }
      if (request.headers.range === undefined) return false;
      response.writeHead(416).end();
      return true;
    }, image);
    await pull(registry);
    expect(registry.askedForLayer).toHaveLength(3);
  });

  test('again and again in the same place is given up, and what came is kept', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response) => {
      if (!isLayer(request, image)) return false;
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      const {length} = image.layer;
      return cutAfter(response, image.layer.subarray(from, 70_000), {
        'content-length': length - from,
        ...(from > 0 ? {'content-range': `bytes ${from}-${length - 1}/${length}`} : {}),
      });
    }, image);
    await expect(pull(registry)).rejects.toMatchObject({code: 'ENETWORK'});
    expect(registry.askedForLayer.length).toBeLessThanOrEqual(6);
    expect(partial()).toEqual([`${image.layerDigest.slice(7)} 70000`]);
  });

  test('before any answer is asked again, and given up', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, _response, time) => {
      if (!isLayer(request, image) || time > 2) return false;
      request.socket.destroy();
      return true;
    }, image);
    await pull(registry);
    expect(registry.askedForLayer).toHaveLength(3);
    await using silent = await HostileRegistry.start((request) => {
      request.socket.destroy();
      return true;
    });
    await expect(pull(silent)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining(`cannot reach ${silent.host}`),
    });
  });
});

describe('a registry that sends another layer', () => {
  const others: [string, (layer: Buffer) => Buffer, boolean, string][] = [
    ['with other bytes', (layer) => Buffer.alloc(layer.length), true, 'EDIGEST'],
    ['that is longer', (layer) => Buffer.concat([layer, layer]), true, 'EDIGEST'],
    [
      'that is longer, without saying so',
      (layer) => Buffer.concat([layer, layer]),
      false,
      'EDIGEST',
    ],
    ['that is shorter', (layer) => layer.subarray(1), true, 'EDIGEST'],
    ['that is empty', () => Buffer.alloc(0), true, 'EDIGEST'],
  ];
  for (const [how, alter, says, code] of others) {
    test(`${how} is not believed, nor asked again, and nothing is left`, async () => {
      const image = smallImage();
      await using registry = await HostileRegistry.start((request, response) => {
        if (!isLayer(request, image)) return false;
        const bytes = alter(image.layer);
        response.writeHead(200, says ? {'content-length': bytes.length} : {});
        response.end(bytes);
        return true;
      }, image);
      await expect(pull(registry)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(image.layerDigest),
      });
      expect(registry.askedForLayer).toHaveLength(1);
      expect(partial()).toEqual([]);
    });
  }

  test('that ends early, without saying so, is asked for the rest, and given up', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response) => {
      if (!isLayer(request, image)) return false;
      response.writeHead(200).end(image.layer.subarray(0, 100_000));
      return true;
    }, image);
    await expect(pull(registry)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: expect.stringContaining('sent 100000 of the 3145728 bytes'),
    });
    expect(registry.askedForLayer.length).toBeLessThanOrEqual(6);
  });

  test('that never ends is left at its size', async () => {
    const image = smallImage();
    let sent = 0;
    await using registry = await HostileRegistry.start((request, response) => {
      if (!isLayer(request, image)) return false;
      const more = () => {
        while (!response.destroyed) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) break;
        }
        if (!response.destroyed) response.once('drain', more);
      };
      response.writeHead(200);
      more();
      return true;
    }, image);
    await expect(pull(registry)).rejects.toMatchObject({code: 'EDIGEST'});
    await sleep(100);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('and calls it compressed on the way sends the very bytes all the same', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response) => {
      expect(request.headers['accept-encoding']).toBe('identity');
      if (!isLayer(request, image)) return false;
      response.writeHead(200, {'content-encoding': 'gzip', 'content-length': image.layer.length});
      response.end(image.layer);
      return true;
    }, image);
    await pull(registry);
  });
});

describe('a registry that sends another manifest', () => {
  test('than it says itself, or than was asked for, is not believed', async () => {
    const [image, other] = [smallImage(Buffer.from('one')), smallImage(Buffer.from('two'))];
    await using lying = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      response.setHeader('docker-content-digest', other.manifestDigest);
      return false;
    }, image);
    await expect(pull(lying)).rejects.toMatchObject({code: 'EDIGEST'});
    await using wrong = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      response.end(other.manifest);
      return true;
    }, image);
    const asked = pull(wrong, {}, `x@${image.manifestDigest}`);
    await expect(asked).rejects.toMatchObject({
      code: 'EDIGEST',
      message: expect.stringContaining(other.manifestDigest),
    });
  });

  test('that never ends, or is none, is refused', async () => {
    const bodies: [(response: ServerResponse) => void, string][] = [
      [(response) => endless(response), 'EMANIFEST'],
      [(response) => response.end('<html>Welcome to the hotel</html>'), 'EMANIFEST'],
      [(response) => response.end('{"schemaVersion": 2}'), 'EMANIFEST'],
      [(response) => response.end(), 'EMANIFEST'],
    ];
    for (const [answer, code] of bodies) {
      await using registry = await HostileRegistry.start((request, response) => {
        if (request.url?.includes('/manifests/') !== true) return false;
        response.writeHead(200, {'content-type': 'application/json'});
        answer(response);
        return true;
      });
      await expect(pull(registry)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(registry.host),
      });
    }
  });
});

function endless(response: ServerResponse): void {
  const more = () => {
    if (!response.destroyed) response.write(Buffer.alloc(65_536, ' '), () => setImmediate(more));
  };
  more();
}

describe('a registry that has no time', () => {
  test('is asked again after what it says, in seconds or as a date', async () => {
    for (const retryAfter of ['1', new Date(Date.now() + 2500).toUTCString()]) {
      const image = smallImage();
      await using registry = await HostileRegistry.start((request, response, time) => {
        if (!isLayer(request, image) || time > 1) return false;
        response.writeHead(429, {'retry-after': retryAfter}).end('{}');
        return true;
      }, image);
      const started = performance.now();
      await pull(registry);
      expect(performance.now() - started).toBeGreaterThan(450);
      expect(registry.askedForLayer).toHaveLength(2);
      rmSync(join(scratch, 'store'), {recursive: true});
    }
  });

  test('for an hour is not waited for, and the error says so', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response) => {
      if (!isLayer(request, image)) return false;
      response.writeHead(429, {'retry-after': '3600'});
      response.end('{"errors": [{"code": "TOOMANYREQUESTS", "message": "pull rate limit"}]}');
      return true;
    }, image);
    await expect(pull(registry)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: expect.stringMatching(
        /^localhost:\d+ does not give blob .*: pull rate limit \(429\)$/,
      ),
      hint: 'it asks to come back in 3600 seconds',
    });
    expect(registry.askedForLayer).toHaveLength(1);
  });

  test('is asked five times, whatever is asked of it', async () => {
    for (const where of ['/manifests/latest', '/blobs/']) {
      let times = 0;
      await using registry = await HostileRegistry.start((request, response) => {
        if (request.url?.includes(where) !== true) return false;
        times += 1;
        response.writeHead(503).end('try again later');
        return true;
      });
      await expect(pull(registry)).rejects.toMatchObject({
        code: 'EREGISTRY',
        message: expect.stringContaining('try again later (503)'),
      });
      expect(times).toBe(5);
      await using better = await HostileRegistry.start((request, response, time) => {
        if (request.url?.includes(where) !== true || time > 3) return false;
        response.writeHead([500, 502, 504][time - 1] ?? 500).end();
        return true;
      });
      await pull(better);
    }
  });
});

describe('a registry that hangs', () => {
  const idle = {idleTimeoutMs: 300, retry: {firstPauseMs: 1, attempts: 2}};

  test('before it answers is given up', async () => {
    await using registry = await HostileRegistry.start(() => true);
    const started = performance.now();
    await expect(pull(registry, idle)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: `cannot reach ${registry.host}: it did not answer in time`,
    });
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('in the middle of a layer is asked for the rest', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response, time) => {
      if (!isLayer(request, image) || time > 1) return false;
      response.writeHead(200, {'content-length': image.layer.length});
      response.write(image.layer.subarray(0, 100_000));
      return true;
    }, image);
    await pull(registry, {...idle, idleTimeoutMs: 1500});
    expect(registry.askedForLayer[1]?.range).toBe('bytes=100000-');
  });

  test('in the middle of a manifest, or drips it, is given up', async () => {
    await using registry = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 100);
      response.once('close', () => clearInterval(timer));
      return true;
    });
    const started = performance.now();
    await expect(pull(registry, idle)).rejects.toMatchObject({code: 'ENETWORK'});
    expect(performance.now() - started).toBeLessThan(8000);
  });

  test('is left by Ctrl-C, and the next pull goes on from there', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response, time) => {
      if (!isLayer(request, image) || time > 1) return false;
      response.writeHead(200, {'content-length': image.layer.length});
      response.write(image.layer.subarray(0, 1_000_000));
      return true;
    }, image);
    const controller = new AbortController();
    const pulling = pull(registry, {signal: controller.signal});
    const half = [`${image.layerDigest.slice(7)} 1000000`];
    await vi.waitFor(() => expect(partial()).toEqual(half), 20_000);
    controller.abort(new Error('Ctrl-C'));
    await expect(pulling).rejects.toThrow('Ctrl-C');
    expect(partial()).toEqual(half);
    await pull(registry);
    expect(registry.askedForLayer[1]?.range).toBe('bytes=1000000-');
  });
});

describe('a registry that sends headers without an end', () => {
  test('is left', async () => {
    await using registry = await HostileRegistry.start((request) => {
      if (request.url === '/v2/') return false;
      const {socket} = request;
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = () => {
        if (!socket.destroyed) socket.write(`x: ${'y'.repeat(8000)}\r\n`, () => setImmediate(more));
      };
      socket.on('error', () => {});
      more();
      return true;
    });
    await expect(pull(registry)).rejects.toMatchObject({
      code: 'ENETWORK',
      message: `cannot reach ${registry.host}: it sends endless headers`,
    });
  });
});

describe('a registry that redirects', () => {
  /** Wants Basic of everybody. */
  function closed(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.headers.authorization !== undefined) return false;
    response.writeHead(401, {'www-authenticate': 'Basic realm="x"'}).end();
    return true;
  }
  const credentials = async () => captain;

  test('to another host or port does not take along who we are', async () => {
    const image = smallImage();
    await using storage = await HostileRegistry.start(() => false, image);
    for (const name of ['localhost', '127.0.0.1']) {
      const elsewhere = `${name}:${storage.host.split(':')[1]}`;
      await using registry = await HostileRegistry.start((request, response) => {
        if (closed(request, response)) return true;
        if (request.url === '/v2/') return false;
        response.writeHead(307, {location: `http://${elsewhere}${request.url}`}).end();
        return true;
      }, image);
      await pull(registry, {credentials});
      expect(registry.asked.filter(({authorization}) => authorization !== undefined)).not.toEqual(
        [],
      );
      rmSync(join(scratch, 'store'), {recursive: true});
    }
    expect(storage.asked.length).toBeGreaterThan(3);
    expect(storage.asked.filter(({authorization}) => authorization !== undefined)).toEqual([]);
  });

  test('to itself, by an absolute or a relative address, is told who we are', async () => {
    const image = smallImage();
    await using registry = await HostileRegistry.start((request, response) => {
      if (closed(request, response)) return true;
      if (!isLayer(request, image) || request.url?.startsWith('/v2/x/blobs/') !== true)
        return false;
      // The same path behind a dot segment, so that it is answered the second time.
      const relative = `../blobs/./${image.layerDigest}`;
      const seen = registry.askedForLayer.length;
      if (seen > 3) return false;
      response.writeHead(302, {location: seen % 2 === 0 ? relative : request.url}).end();
      return true;
    }, image);
    await pull(registry, {credentials});
    const after = registry.askedForLayer.slice(1);
    expect(after.length).toBeGreaterThan(2);
    expect(after.every(({authorization}) => authorization !== undefined)).toBe(true);
  });

  test('without an end, to nowhere, or to what is neither http nor https is not followed', async () => {
    const targets: [string, string][] = [
      ['/v2/x/manifests/latest', 'redirects more than 10 times'],
      ['', 'redirects more than 10 times'],
      ['http://[', 'sends us on to http://[, which is not followed'],
      ['file:///etc/passwd', 'sends us on to file:///etc/passwd, which is not followed'],
      ['http://registry.example/x', 'http://registry.example/x, which is not followed'],
    ];
    for (const [location, said] of targets) {
      let times = 0;
      await using registry = await HostileRegistry.start((request, response) => {
        if (request.url?.includes('/manifests/') !== true) return false;
        times += 1;
        response.writeHead(302, {location}).end();
        return true;
      });
      await expect(pull(registry)).rejects.toMatchObject({
        code: 'EREGISTRY',
        message: expect.stringContaining(said),
      });
      expect(times).toBeLessThanOrEqual(11);
    }
  });

  test('to somebody who refuses says who that is, and does not speak of a login', async () => {
    await using storage = await HostileRegistry.start((_request, response) => {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
      return true;
    });
    await using registry = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/blobs/') !== true) return false;
      response.writeHead(307, {location: `http://${storage.host}/bucket`}).end();
      return true;
    });
    const refused = pull(registry);
    await expect(refused).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: expect.stringContaining(`${storage.host}, to which ${registry.host} redirects`),
    });
    await expect(refused).rejects.not.toHaveProperty('hint');
  });
});

describe('a registry that wants to know who we are', () => {
  function challenge(
    header: string | string[],
  ): (request: IncomingMessage, response: ServerResponse) => boolean {
    return (request, response) => {
      if (request.url === '/v2/') return false;
      response.writeHead(401, {'www-authenticate': header}).end();
      return true;
    };
  }

  test('is not told where others could read it, nor by a server that cannot be', async () => {
    for (const realm of ['http://tokens.example/', 'ftp://x/', 'nowhere', '']) {
      await using registry = await HostileRegistry.start(challenge(`Bearer realm="${realm}"`));
      const refused = pull(registry, {credentials: async () => captain});
      await expect(refused).rejects.toMatchObject({code: 'EAUTH'});
      await expect(refused).rejects.not.toThrow('secret');
    }
  });

  test('in no way that is known is refused, without a loop', async () => {
    for (const header of ['Negotiate', 'Bearer', '', 'Digest realm="x"', ['Basic realm="x"']]) {
      await using registry = await HostileRegistry.start(challenge(header));
      await expect(pull(registry, {credentials: async () => captain})).rejects.toMatchObject({
        code: 'EAUTH',
      });
      expect(registry.asked.length).toBeLessThanOrEqual(3);
    }
  });

  test('and refuses its own tokens is not asked for ever, and one that ends is renewed', async () => {
    let tokens = 0;
    await using server = await HostileRegistry.start((_request, response) => {
      tokens += 1;
      response.end(JSON.stringify({access_token: `token-${tokens}`}));
      return true;
    });
    const header = `Bearer realm="http://${server.host}/token",service="s, with a comma"`;
    await using never = await HostileRegistry.start(challenge(header));
    await expect(pull(never)).rejects.toMatchObject({code: 'EAUTH'});
    expect(tokens).toBe(1);
    expect(new URL(server.asked[0]?.path ?? '', 'http://x').searchParams.get('service')).toBe(
      's, with a comma',
    );
    // A token that is refused later is renewed once.
    const image = smallImage();
    await using forgetful = await HostileRegistry.start((request, response) => {
      const wanted = isLayer(request, image) ? 'Bearer token-3' : 'Bearer token-2';
      if (request.url === '/v2/' || request.headers.authorization === wanted) return false;
      response.writeHead(401, {'www-authenticate': header}).end();
      return true;
    }, image);
    await pull(forgetful);
    expect(tokens).toBe(3);
  });

  test('by a token server that sends no token, or one that would break a header', async () => {
    for (const body of [
      '{}',
      'x',
      '[]',
      '{"token": 5}',
      '{"token": "a\\r\\nx: y"}',
      '{"token": ""}',
    ]) {
      await using server = await HostileRegistry.start((_request, response) => {
        response.end(body);
        return true;
      });
      await using registry = await HostileRegistry.start(
        challenge(`Bearer realm="http://${server.host}/token"`),
      );
      await expect(pull(registry)).rejects.toMatchObject({
        code: 'EREGISTRY',
        message: `the token server ${server.host} sends no token`,
      });
    }
  });
});

describe('what a registry says', () => {
  test('is told in one short line without escapes', async () => {
    await using registry = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      const message = `\u001b[31mred\u202e\n${'long '.repeat(1000)}`;
      response.writeHead(400).end(JSON.stringify({errors: [{code: 'X', message}]}));
      return true;
    });
    const failure = await pull(registry).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    const {message} = failure as Error;
    expect(message).toContain('\\u{1b}[31mred\\u{202e} long');
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(message.length).toBeLessThan(500);
  });

  test('without an end is cut', async () => {
    await using registry = await HostileRegistry.start((request, response) => {
      if (request.url?.includes('/manifests/') !== true) return false;
      response.writeHead(400);
      endless(response);
      return true;
    });
    await expect(pull(registry)).rejects.toMatchObject({
      code: 'EREGISTRY',
      message: `${registry.host} does not give x:latest (400)`,
    });
  });
});

test('other places that a manifest names are never asked', async () => {
  await using elsewhere = await HostileRegistry.start(() => false);
  const image = smallImage(Buffer.from('foreign'), [`http://${elsewhere.host}/layer`]);
  await using registry = await HostileRegistry.start((request, response) => {
    if (!isLayer(request, image)) return false;
    response.writeHead(404).end();
    return true;
  }, image);
  await expect(pull(registry)).rejects.toMatchObject({
    code: 'EREGISTRY',
    message: expect.stringContaining(`has no blob ${image.layerDigest}`),
  });
  expect(elsewhere.asked).toEqual([]);
});
