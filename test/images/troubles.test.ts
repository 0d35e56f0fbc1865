import {once} from 'node:events';
import {readFileSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, inject, test} from 'vitest';
import {describeEach, type Person} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {minicontainer} from '../e2e/harness/run.ts';
import {refused, storedFiles, succeed} from './harness/commands.ts';
import {account, Registry} from './harness/registry.ts';
import {passOn, type Trouble, TroubledRegistry} from './harness/troubled-registry.ts';

// A registry that is not what one hopes for, as a person at the command line meets it.

const image = 'fixtures/everything';
const isBlob = ({url = ''}: IncomingMessage) => url.includes('/blobs/');

/** What passes when it is tried again. */
const passing: Readonly<Record<string, Trouble>> = {
  'cuts each blob in the middle': (asked, answer, nth) => {
    if (!isBlob(asked) || nth > 1) return false;
    passOn(inject('images').registry, asked, answer, (body, {socket}) => {
      answer.write(body.subarray(0, body.length >> 1), () => socket?.destroy());
    });
    return true;
  },
  'sends each blob too short': (asked, answer, nth) => {
    if (!isBlob(asked) || nth > 1) return false;
    passOn(inject('images').registry, asked, answer, (body) => answer.end(body.subarray(0, -1)));
    return true;
  },
  'has too many requests': (asked, answer, nth) => {
    if (nth > 1 || asked.url === '/v2/') return false;
    answer.writeHead(429, {'retry-after': '1'});
    answer.end();
    return true;
  },
  'is out of service for a moment': (_asked, answer, nth) => {
    if (nth > 1) return false;
    answer.writeHead(503);
    answer.end('out of service');
    return true;
  },
  'closes each connection once': ({socket}, _answer, nth) => {
    if (nth > 1) return false;
    socket.destroy();
    return true;
  },
};

/** What does not, and what is said of it. */
const lasting: readonly (readonly [string, Trouble, RegExp])[] = [
  [
    'sends other bytes',
    (asked, answer) => {
      if (!isBlob(asked)) return false;
      passOn(inject('images').registry, asked, answer, (body) => {
        answer.end(Buffer.concat([body.subarray(0, -1), Buffer.from('?')]));
      });
      return true;
    },
    /digest|sha256/,
  ],
  [
    'sends more than it said',
    (asked, answer) => {
      if (!isBlob(asked)) return false;
      passOn(inject('images').registry, asked, answer, (body) => {
        answer.end(Buffer.concat([body, Buffer.alloc(4 << 20)]));
      });
      return true;
    },
    /size|bytes|larger|more/,
  ],
  [
    'denies',
    (asked, answer) => {
      if (!isBlob(asked)) return false;
      answer.writeHead(403, {'content-type': 'application/json'});
      answer.end('{"errors": [{"code": "DENIED", "message": "not to you\\u001b[31m"}]}');
      return true;
    },
    /not to you/,
  ],
  [
    'sends a page for a manifest',
    (asked, answer) => {
      if (!asked.url?.includes('/manifests/')) return false;
      answer.writeHead(200, {'content-type': 'text/html'});
      answer.end('<html>please log in to the hotel</html>');
      return true;
    },
    /text\/html|manifest|JSON/,
  ],
  [
    'redirects for ever',
    (asked, answer) => {
      if (!isBlob(asked)) return false;
      answer.writeHead(307, {location: asked.url});
      answer.end();
      return true;
    },
    /redirect/,
  ],
];

describeEach('a registry that', (person) => {
  for (const [title, trouble] of Object.entries(passing)) {
    test(`${title} is tried again`, async () => {
      await using registry = await TroubledRegistry.start(inject('images').registry, trouble);
      await succeed(['pull', '-q', `${registry.host}/${image}`], person);
      const words = ['run', '--network', 'none', `${registry.host}/${image}`, 'cat', '/last'];
      expect((await minicontainer(words, {as: person})).status).toBe(1);
    });
  }

  for (const [title, trouble, said] of lasting) {
    test(`${title} is given up, and nothing stays`, async () => {
      await using registry = await TroubledRegistry.start(inject('images').registry, trouble);
      const stderr = await refused(['pull', `${registry.host}/${image}`], person);
      expect(stderr).toMatch(said);
      expect(stderr).toContain(registry.host);
      expect(stderr).not.toContain('\u001b');
      await succeed(['prune', '-f', '-a'], person);
      expect(storedFiles(person)).toEqual([]);
    });
  }

  test('hangs can be left at once', async () => {
    await using registry = await TroubledRegistry.start(inject('images').registry, isBlob);
    const began = performance.now();
    const {status} = await minicontainer(['pull', '-q', `${registry.host}/${image}`], {
      as: person,
      timeoutMs: 3000,
    });
    expect(status).toBe('SIGKILL');
    expect(performance.now() - began).toBeLessThan(10_000);
    await succeed(['prune', '-f', '-a'], person);
    expect(storedFiles(person)).toEqual([]);
  });

  test('redirects to another host sends no credentials there', async () => {
    await using behind = await Registry.start({
      storage: inject('images').storage,
      readOnly: true,
    });
    const seen: IncomingMessage['headers'][] = [];
    const elsewhere = createServer((asked, answer) => {
      seen.push(asked.headers);
      passOn(behind.host, asked, answer);
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const {port} = elsewhere.address() as AddressInfo;
    const expected = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}`;
    await using registry = await TroubledRegistry.start(behind.host, (asked, answer) => {
      if (asked.headers.authorization !== expected) {
        answer.writeHead(401, {'www-authenticate': 'Basic realm="here"'});
        answer.end();
        return true;
      }
      if (!isBlob(asked)) return false;
      answer.writeHead(307, {location: `http://127.0.0.1:${port}${asked.url}`});
      answer.end();
      return true;
    });
    const login = ['login', '-u', account.user, '--password-stdin', registry.host];
    await succeed(login, person, {stdin: {text: account.password}});
    await succeed(['pull', '-q', `${registry.host}/${image}`], person);
    elsewhere.closeAllConnections();
    elsewhere.close();
    expect(seen.length).toBeGreaterThan(3);
    for (const headers of seen) {
      expect(headers.authorization).toBeUndefined();
      expect(JSON.stringify(headers)).not.toContain('captain');
    }
    await forgetCredentials(registry.host, person);
  });
});

describeEach('a registry that asks who is there', (person) => {
  for (const auth of ['basic', 'bearer'] as const) {
    test(`by ${auth}: after login, and no more after logout`, async () => {
      const {storage} = inject('images');
      await using registry = await Registry.start({auth, storage, readOnly: true});
      const name = `${registry.host}/fixtures/busybox`;
      const env = {SSL_CERT_FILE: registry.authority?.certificateFile};
      expect(await refused(['pull', name], person, {env})).toContain(
        `minicontainer login ${registry.host}`,
      );
      const login = ['login', '-u', account.user, '--password-stdin', registry.host];
      const wrong = await minicontainer(login, {as: person, env, stdin: {text: 'wrong'}});
      expect(wrong.status).toBe(125);
      expect(wrong.stderr).not.toContain('wrong\n');
      await succeed(login, person, {env, stdin: {text: `${account.password}\n`}});
      await succeed(['pull', '-q', name], person, {env});
      await forgetCredentials(registry.host, person);
      await refused(['pull', name], person, {env});
      // Whom nobody vouches for.
      expect(await refused(['pull', name], person)).toMatch(/certificate/);
    });
  }
});

/** What login has made stays, and says nothing more. */
async function forgetCredentials(registry: string, person: Person): Promise<void> {
  await succeed(['logout', registry], person);
  const directory = join(roomOf(person).home, '.config');
  const kept = readFileSync(join(directory, 'containers/auth.json'), 'utf8');
  expect(JSON.parse(kept).auths ?? {}).toEqual({});
  rmSync(directory, {recursive: true});
}
