import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parse} from 'smol-toml';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {endpointsOf} from './endpoints.ts';
import {readRegistryRules} from './registries-conf.ts';
import {loadRegistryRules} from './registries-conf-files.ts';

const conf = `
unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing"

[[registry]]
prefix = "docker.io"
location = "docker.io"
[[registry.mirror]]
location = "mirror.example:5000/hub/"
insecure = true
[[registry.mirror]]
location = "other.example"
pull-from-mirror = "digest-only"

[[registry]]
prefix = "docker.io/library/secret"
blocked = true
location = "docker.io/library/secret"

[[registry]]
location = "old.example/team"
mirror-by-digest-only = true
insecure = true
[[registry.mirror]]
location = "new.example/x"

[[registry]]
prefix = "*.corp.example"
[[registry.mirror]]
location = "cache.corp.test/proxy"

[[registry]]
prefix = "moved.example"
location = "here.example/moved"
`;
const rules = readRegistryRules(parse(conf), 'registries.conf');

function where(registry: string, repository: string) {
  return endpointsOf({registry, repository}, rules).map(
    (found) =>
      `${found.registry}/${found.repository} ${found.pulls}${found.insecure ? ' insecure' : ''}${found.isMirror ? ' mirror' : ''}`,
  );
}

describe('endpointsOf', () => {
  it('asks mirrors in their order, then the registry', () => {
    expect(where('docker.io', 'library/debian')).toEqual([
      'mirror.example:5000/hub/library/debian all insecure mirror',
      'other.example/library/debian digest-only mirror',
      'docker.io/library/debian all',
    ]);
  });

  it('takes the rule with the longest prefix, and a prefix ends where a part does', () => {
    expect(() => where('docker.io', 'library/secret')).toThrow(
      'docker.io/library/secret is blocked',
    );
    expect(() => where('docker.io', 'library/secret/deeper')).toThrow('is blocked');
    expect(where('docker.io', 'library/secrets')).toHaveLength(3);
  });

  it('lets a whole registry use mirrors for digests only', () => {
    expect(where('old.example', 'team/app')).toEqual([
      'new.example/x/app digest-only mirror',
      'old.example/team/app all insecure',
    ]);
    expect(where('old.example', 'others/app')).toEqual(['old.example/others/app all']);
  });

  it('matches every host of a domain', () => {
    expect(where('a.b.corp.example:5000', 'app')).toEqual([
      'cache.corp.test/proxy/app all mirror',
      'a.b.corp.example:5000/app all',
    ]);
    expect(where('corp.example', 'app')).toEqual(['corp.example/app all']);
  });

  it('asks where a registry has moved to', () => {
    expect(where('moved.example', 'a/b')).toEqual(['here.example/moved/a/b all']);
  });

  it('asks a registry without rules itself', () => {
    expect(where('localhost:5000', 'x')).toEqual(['localhost:5000/x all']);
  });
});

describe('readRegistryRules', () => {
  it.each([
    ['[[registry]]', 'has neither prefix nor location'],
    ['[[registry]]\nprefix = "x"', 'for x has no location'],
    ['[[registry]]\nlocation = 5', 'location is not a string'],
    ['[[registry]]\nlocation = "x"\ninsecure = "yes"', 'insecure is not true or false'],
    ['[[registry]]\nlocation = "x"\nmirror = "y"', 'mirror of x is not a list'],
    ['[[registry]]\nlocation = "x"\n[[registry.mirror]]', 'mirror]] has no location'],
    [
      '[[registry]]\nlocation = "x"\n[[registry.mirror]]\nlocation = "y"\npull-from-mirror = "z"',
      'all, digest-only or tag-only',
    ],
    ['registry = [1]', 'a table is expected'],
  ])('refuses %j', (text, reason) => {
    expect(() => readRegistryRules(parse(text), 'r.conf')).toThrow(reason);
    expect(() => readRegistryRules(parse(text), 'r.conf')).toThrow('cannot read r.conf: ');
  });

  it('passes over what version 1 had', () => {
    expect(readRegistryRules(parse("[registries.search]\nregistries = ['x']"), 'r')).toEqual([]);
  });
});

describe('loadRegistryRules', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'registries-conf-'));
  });
  afterEach(() => rmSync(folder, {recursive: true}));

  it('reads the file that the environment names, and nothing else', async () => {
    const path = join(folder, 'r.conf');
    writeFileSync(path, '[[registry]]\nlocation = "one.example"\n');
    expect(await loadRegistryRules({CONTAINERS_REGISTRIES_CONF: path})).toMatchObject([
      {prefix: 'one.example'},
    ]);
    expect(await loadRegistryRules({CONTAINERS_REGISTRIES_CONF: '/dev/null'})).toEqual([]);
  });

  it("reads a user's own file and drop-ins, the later in place of the earlier", async () => {
    const own = join(folder, 'containers');
    mkdirSync(join(own, 'registries.conf.d'), {recursive: true});
    writeFileSync(join(own, 'registries.conf'), '[[registry]]\nlocation = "one.example"\n');
    writeFileSync(
      join(own, 'registries.conf.d', '50.conf'),
      '[[registry]]\nlocation = "one.example"\ninsecure = true\n',
    );
    expect(await loadRegistryRules({XDG_CONFIG_HOME: folder})).toContainEqual({
      prefix: 'one.example',
      location: 'one.example',
      insecure: true,
      blocked: false,
      mirrors: [],
    });
  });

  it('says which file is no TOML', async () => {
    const path = join(folder, 'r.conf');
    writeFileSync(path, '[[registry\n');
    await expect(loadRegistryRules({CONTAINERS_REGISTRIES_CONF: path})).rejects.toThrow(
      `cannot read ${path}: Invalid TOML`,
    );
  });
});
