import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {describe, expect, inject, test} from 'vitest';
import {account, Registry} from './harness/registry.ts';

// That the other side of these tests is what they say: by skopeo, which others have tested.

const execute = promisify(execFile);

function inspect(image: string, flags: readonly string[]) {
  return execute('skopeo', ['inspect', '--raw', ...flags, `docker://${image}`]);
}

const credentials = ['--creds', `${account.user}:${account.password}`];

describe('the registries of these tests', () => {
  test('give to everybody, over http', async () => {
    const {stdout} = await inspect(`${inject('images').registry}/fixtures/everything`, [
      '--tls-verify=false',
    ]);
    expect(JSON.parse(stdout).layers).toHaveLength(4);
  });

  for (const auth of ['basic', 'bearer'] as const) {
    test(`give to who has the password and their authority alone: ${auth}`, async () => {
      const {storage} = inject('images');
      await using registry = await Registry.start({auth, storage, readOnly: true});
      const image = `${registry.host}/fixtures/busybox`;
      const trust = ['--cert-dir', registry.certificates];
      const {stdout} = await inspect(image, [...trust, ...credentials]);
      expect(JSON.parse(stdout).layers).toHaveLength(1);
      await expect(inspect(image, trust)).rejects.toThrow(/unauthorized|authentication required/);
      await expect(inspect(image, [...trust, '--creds', 'a:b'])).rejects.toThrow(/un|authenticat/);
      await expect(inspect(image, credentials)).rejects.toThrow(/certificate/);
    });
  }
});
