import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {parseReference} from '@minicontainer/image';
import {openRegistries} from '@minicontainer/image/registry';
import {describe, expect, inject, test} from 'vitest';
import {describeEach} from '../e2e/harness/people.ts';
import {fixture, refused, succeed} from './harness/commands.ts';
import {HostileRegistry} from './harness/hostile-registry.ts';
import {registryOptions} from './harness/library-pull.ts';
import {Registry} from './harness/registry.ts';

const execute = promisify(execFile);

describeEach('pull --all-tags', (person) => {
  test('fetches every tag of a repository', async () => {
    await using registry = await Registry.start();
    const image = `${registry.host}/some/box`;
    for (const [tag, from] of [
      ['one', 'busybox'],
      ['two', 'settings'],
    ]) {
      const layout = `oci:${inject('images').layout}:${from}`;
      const to = `docker://${image}:${tag}`;
      await execute('skopeo', ['copy', '-q', '--dest-tls-verify=false', layout, to]);
    }
    const ids = (await succeed(['pull', '-q', '-a', image], person)).trim().split('\n');
    expect(new Set(ids).size).toBe(2);
    const tags = await succeed(['images', '--format', '{{.Tag}}', image], person);
    expect(tags.trim().split('\n').sort()).toEqual(['one', 'two']);
    expect(await succeed(['run', '--network', 'none', `${image}:one`, 'echo', 'ran'], person)).toBe(
      'ran\n',
    );
  });

  test('is for a repository that is there, and not for one of its tags', async () => {
    const busybox = fixture('busybox');
    for (const one of [`${busybox}:latest`, `${busybox}@sha256:${'0'.repeat(64)}`]) {
      expect(await refused(['pull', '-a', one], person)).toContain(
        "tag can't be used with --all-tags/-a",
      );
    }
    expect(await refused(['pull', '-a', 'oci:/nowhere'], person)).toContain('no registry');
    expect(await refused(['pull', '--all-tags', fixture('nothing')], person)).toMatch(
      /has no repository fixtures\/nothing: .*\(404\)/,
    );
    expect(await succeed(['images', '-q', 'nothing'], person)).toBe('');
  });
});

describe('the tags of a repository', () => {
  /** As `links` leads from page to page. */
  async function tagsBy(links: readonly (string | undefined)[], body?: string) {
    const home = mkdtempSync(join(tmpdir(), 'minicontainer-tags-'));
    try {
      await using registry = await HostileRegistry.start((request, response) => {
        const {pathname, searchParams} = new URL(request.url ?? '', 'http://x');
        if (pathname !== '/v2/x/tags/list') return false;
        const page = Number(searchParams.get('page') ?? 0);
        const link = links[page % links.length];
        response.writeHead(200, link === undefined ? {} : {link});
        response.end(body ?? JSON.stringify({name: 'x', tags: [`tag${page}`, 'each']}));
        return true;
      });
      await using registries = await openRegistries(registryOptions(home));
      return await registries.repository(parseReference(`${registry.host}/x`)).tags();
    } finally {
      rmSync(home, {recursive: true});
    }
  }

  test('come in pages', async () => {
    const links = ['</v2/x/tags/list?page=1>; rel="next"', '<list?page=2>; rel=next', undefined];
    expect(await tagsBy(links)).toEqual(['tag0', 'each', 'tag1', 'tag2']);
    expect(await tagsBy([undefined])).toEqual(['tag0', 'each']);
    expect(await tagsBy([undefined], '{"name": "x", "tags": null}')).toEqual([]);
  });

  test.each([
    ['that lead to another host', ['<http://other.invalid/v2/x/tags/list>; rel="next"'], undefined],
    ['without an end', ['</v2/x/tags/list?page=0>; rel="next"'], undefined],
    ['that are no list', [undefined], '{"tags": "all"}'],
    ['that are no JSON', [undefined], '<html>'],
  ])('%s are refused', async (_, links, body) => {
    await expect(tagsBy(links, body)).rejects.toMatchObject({code: 'EREGISTRY'});
  });
});
