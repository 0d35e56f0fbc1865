import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parseCredentials} from './credentials.ts';
import {findCredentials} from './find.ts';
import {forgetCredentials, keepCredentials, knownKeys} from './keep.ts';

let home = '';
let env: NodeJS.ProcessEnv = {};
const runtime = () => join(home, 'run/containers/auth.json');
const config = () => join(home, '.config/containers/auth.json');
const docker = () => join(home, '.docker/config.json');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'credentials-'));
  env = {HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), PATH: process.env.PATH};
});
afterEach(() => rmSync(home, {recursive: true}));

function write(path: string, content: unknown): void {
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

function entry(username: string, password: string) {
  return {auth: Buffer.from(`${username}:${password}`).toString('base64')};
}

async function userOf(registry: string, repository = '', more = {}) {
  const found = await findCredentials(registry, repository, {env, ...more});
  return found?.kind === 'password' ? found.username : found?.kind;
}

describe('findCredentials', () => {
  it('looks into podman’s files before Docker’s, and into one alone that is named', async () => {
    expect(await userOf('quay.io')).toBeUndefined();
    write(docker(), {auths: {'quay.io': entry('docker', 'x')}});
    expect(await userOf('quay.io')).toBe('docker');
    write(config(), {auths: {'quay.io': entry('config', 'x')}});
    expect(await userOf('quay.io')).toBe('config');
    write(runtime(), {auths: {'quay.io': entry('runtime', 'x')}});
    expect(await userOf('quay.io')).toBe('runtime');
    const other = join(home, 'other.json');
    write(other, {auths: {'else.example': entry('other', 'x')}});
    expect(await userOf('quay.io', '', {authFile: other})).toBeUndefined();
    env.REGISTRY_AUTH_FILE = other;
    expect(await userOf('quay.io')).toBeUndefined();
    expect(await userOf('else.example')).toBe('other');
  });

  it('takes the most specific key', async () => {
    write(config(), {
      auths: {
        'quay.io': entry('all', 'x'),
        'quay.io/team': entry('team', 'x'),
        'quay.io/team/app': entry('app', 'x'),
      },
    });
    expect(await userOf('quay.io', 'team/app')).toBe('app');
    expect(await userOf('quay.io', 'team/apple')).toBe('team');
    expect(await userOf('quay.io', 'teams/app')).toBe('all');
    expect(await userOf('quay.io:5000', 'team/app')).toBeUndefined();
  });

  it('knows Docker Hub by each of its names, and old keys with a scheme', async () => {
    for (const key of ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io']) {
      write(config(), {auths: {[key]: entry('hub', 'x')}});
      expect(await userOf('docker.io', 'library/debian')).toBe('hub');
    }
    write(config(), {auths: {'https://old.example/v1/': entry('old', 'x')}});
    expect(await userOf('old.example')).toBe('old');
  });

  it('reads every form of an entry', async () => {
    write(config(), {
      auths: {
        'a.example': {identitytoken: 'token'},
        'b.example': {username: 'plain', password: 'x'},
        'c.example': {auth: Buffer.from('filled:up\0\0').toString('base64')},
        'd.example': {},
        'e.example': {auth: 'no colon'},
        'f.example': 'no object',
      },
    });
    expect(await userOf('a.example')).toBe('identity-token');
    expect(await userOf('b.example')).toBe('plain');
    expect(await findCredentials('c.example', '', {env})).toMatchObject({password: 'up'});
    for (const host of ['d', 'e', 'f']) expect(await userOf(`${host}.example`)).toBeUndefined();
  });

  it('passes over a file that cannot be read, and says so without its content', async () => {
    const notes: string[] = [];
    write(runtime(), '{"auths": {"quay.io": {"auth": "c2VjcmV0"');
    write(config(), {auths: {'quay.io': entry('config', 'x')}});
    expect(await userOf('quay.io', '', {note: (text: string) => notes.push(text)})).toBe('config');
    expect(notes).toEqual([`cannot read ${runtime()}: it is not JSON`]);
  });

  it('takes what the caller was given for every registry', async () => {
    const credentials = parseCredentials('me:a:b');
    expect(credentials).toEqual({kind: 'password', username: 'me', password: 'a:b'});
    expect(await userOf('any.example', 'x', {credentials})).toBe('me');
    for (const text of ['me', 'me:', ':x', ''])
      expect(() => parseCredentials(text)).toThrow('USER');
  });
});

describe('keepCredentials', () => {
  const me = {kind: 'password', username: 'me', password: 'secret'} as const;

  it('writes for the owner alone, and keeps what else is there', async () => {
    write(docker(), {auths: {'a.example': entry('a', 'x')}, HttpHeaders: {x: 'y'}, proxies: {}});
    chmodSync(docker(), 0o644);
    const place = await keepCredentials('docker.io', me, {authFile: docker()});
    expect(place).toBe(docker());
    expect(statSync(docker()).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(docker(), 'utf8'))).toEqual({
      auths: {'a.example': entry('a', 'x'), 'https://index.docker.io/v1/': entry('me', 'secret')},
      HttpHeaders: {x: 'y'},
      proxies: {},
    });
    expect(readdirSync(dirname(docker()))).toEqual(['config.json']);
  });

  it('makes the first file, in a directory for the owner alone', async () => {
    expect(await keepCredentials('docker.io', me, {env})).toBe(runtime());
    expect(statSync(runtime()).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(runtime())).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(runtime(), 'utf8')).auths).toHaveProperty(['docker.io']);
  });

  it('changes the file that has the same registry already, so that no older one is found first', async () => {
    write(config(), {auths: {'quay.io': entry('older', 'x')}});
    expect(await keepCredentials('quay.io', me, {env})).toBe(config());
    expect(await userOf('quay.io')).toBe('me');
    expect(existsSync(runtime())).toBe(false);
  });

  it('writes where a link leads', async () => {
    const target = join(home, 'dotfiles/auth.json');
    write(target, {});
    mkdirSync(dirname(config()), {recursive: true});
    symlinkSync(target, config());
    await keepCredentials('quay.io', me, {authFile: config()});
    expect(JSON.parse(readFileSync(target, 'utf8')).auths).toHaveProperty(['quay.io']);
  });

  it('does not write over a file that it cannot read', async () => {
    write(config(), 'not JSON');
    await expect(keepCredentials('quay.io', me, {authFile: config()})).rejects.toThrow('not JSON');
    expect(readFileSync(config(), 'utf8')).toBe('not JSON');
  });
});

describe('forgetCredentials', () => {
  it('forgets in every file, and says where', async () => {
    write(config(), {auths: {'quay.io': entry('a', 'x'), 'quay.io/team': entry('b', 'x')}});
    write(docker(), {auths: {'quay.io': entry('a', 'x')}});
    expect(await forgetCredentials('quay.io', {env})).toEqual([config(), docker()]);
    expect(await userOf('quay.io')).toBeUndefined();
    expect(await userOf('quay.io', 'team/x')).toBe('b');
    expect(await forgetCredentials('quay.io', {env})).toEqual([]);
    expect(knownKeys({env})).toEqual(['quay.io/team']);
  });
});

describe('a credential helper', () => {
  const me = {kind: 'password', username: 'me', password: 'secret'} as const;

  // Keeps what it is given in files, and logs its command line and what it reads.
  const script = (folder: string) => `#!/bin/sh
input=$(cat)
echo "$1|$*|$input" >>'${folder}/log'
key=$(printf %s "$input" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/' | tr / _)
case $1 in
  get) cat "${folder}/kept-$key" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
  store) printf %s "$input" >"${folder}/kept-$key" ;;
  erase) rm -f "${folder}/kept-$key" ;;
esac
`;

  beforeEach(() => {
    write(join(home, 'docker-credential-test'), script(home));
    chmodSync(join(home, 'docker-credential-test'), 0o755);
    env.PATH = `${home}:${process.env.PATH}`;
    write(docker(), {credsStore: 'test', auths: {}});
  });

  it('is given credentials on stdin, gives them back, and forgets them', async () => {
    expect(await keepCredentials('docker.io', me, {env})).toBe('docker-credential-test');
    expect(existsSync(runtime())).toBe(false);
    expect(await findCredentials('docker.io', 'library/debian', {env})).toEqual(me);
    expect(await forgetCredentials('docker.io', {env})).toEqual(['docker-credential-test']);
    expect(await userOf('docker.io')).toBeUndefined();
    const log = readFileSync(join(home, 'log'), 'utf8').trim().split('\n');
    expect(log[0]).toBe(
      'store|store|{"ServerURL":"https://index.docker.io/v1/","Username":"me","Secret":"secret"}',
    );
    expect(log.every((line) => /^(\w+)\|\1\|/.test(line))).toBe(true);
    expect(readFileSync(docker(), 'utf8')).not.toContain('secret');
  });

  it('keeps identity tokens under the user that stands for them', async () => {
    await keepCredentials('a.example', {kind: 'identity-token', token: 'refresh'}, {env});
    expect(readFileSync(join(home, 'log'), 'utf8')).toContain('"Username":"<token>"');
    expect(await userOf('a.example')).toBe('identity-token');
  });

  it('is asked by registry, before the file is', async () => {
    write(docker(), {
      credHelpers: {'a.example': 'test'},
      auths: {'a.example': entry('file', 'x'), 'b.example': entry('file', 'x')},
    });
    expect(await userOf('a.example')).toBe('file');
    await keepCredentials('a.example', me, {env});
    expect(await userOf('a.example')).toBe('me');
    expect(JSON.parse(readFileSync(docker(), 'utf8')).auths).not.toHaveProperty(['a.example']);
    expect(await userOf('b.example')).toBe('file');
  });

  it('that is not there or fails is passed over with a note', async () => {
    const notes: string[] = [];
    const note = (text: string) => notes.push(text);
    write(docker(), {credsStore: 'desktop', auths: {'a.example': entry('file', 'x')}});
    expect(await userOf('a.example', '', {note})).toBe('file');
    write(join(home, 'docker-credential-fails'), '#!/bin/sh\nexit 3\n');
    chmodSync(join(home, 'docker-credential-fails'), 0o755);
    write(docker(), {credsStore: 'fails', auths: {'a.example': entry('file', 'x')}});
    expect(await userOf('a.example', '', {note})).toBe('file');
    expect(notes).toEqual([
      `cannot run docker-credential-desktop: ENOENT, which ${docker()} names`,
      `docker-credential-fails get failed with 3, which ${docker()} names`,
    ]);
    await expect(keepCredentials('a.example', me, {env})).rejects.toThrow('store failed with 3');
  });

  it('is one program of PATH, whatever its name says', async () => {
    const notes: string[] = [];
    for (const credsStore of ['../x', '/bin/sh', 'a b', '-x', '']) {
      write(docker(), {credsStore, auths: {}});
      await userOf('a.example', '', {note: (text: string) => notes.push(text)});
    }
    expect(notes).toHaveLength(4);
    expect(notes[0]).toContain('"../x" names no credential helper');
  });
});
