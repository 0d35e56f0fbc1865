import {chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';

/** What only root may read on a Debian machine. */
const secrets = [
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/sudoers',
  '/etc/security/opasswd',
  '/etc/ssh/ssh_host_ed25519_key',
  '/etc/ssh/ssh_host_rsa_key',
  '/etc/ssl/private',
  '/var/cache/ldconfig',
  '/var/lib/private',
  '/var/lib/minicontainer',
  '/var/log/btmp',
].filter((path) => existsSync(path));

/** Tries all ways to what is in a file; prints what it got. */
function steal(paths: readonly string[]): string[] {
  return bash(`
exec 2>/dev/null
for path in ${paths.join(' ')}; do
  for try in "cat $path" "chmod 777 $path && cat $path" "chown 0 $path && cat $path" \\
      "cp -r $path /tmp/copy && find /tmp/copy -type f -exec cat {} +" "mv $path /tmp/moved && cat /tmp/moved" \\
      "ls -A $path/"; do
    (eval "$try" | sed "s|^|$path: |"); rm -rf /tmp/*
  done
done; true`);
}

describeEach('what only the host’s root may read', (person) => {
  it('cannot be read in the host view', async () => {
    expect(secrets).toContain('/etc/shadow');
    expect(await run(steal(secrets), {as: person})).toEqual({status: 0, stdout: '', stderr: ''});
  });

  it('cannot be read by other users of the container', async () => {
    if (person.ids === 'single') return;
    const {stdout} = await run(['-u', '33:42', ...steal(secrets)], {as: person});
    expect(stdout).toBe('');
  });

  it('cannot be reached through the host’s processes and descriptors', async () => {
    const script =
      'ls /proc/*/root/etc/shadow /proc/self/fd/*/etc 2>/dev/null; cat /proc/1/root/etc/shadow';
    const {stdout} = await run(bash(`(${script}) 2>/dev/null | grep -v '^/proc/.*shadow$'`), {
      as: person,
    });
    expect(stdout).toBe('');
  });

  it('is not among the directories that are empty: homes, temporary files, what runs', async () => {
    const places = '/home /root /tmp /var/tmp /run /mnt /media /srv';
    const {status, stdout} = await run(bash(`ls -A ${places} | grep -v ':$' | tr -d '\\n'`), {
      as: person,
    });
    expect({status, stdout}).toEqual({status: 0, stdout: ''});
  });

  it('is not below what is no part of the system', async () => {
    const {stdout} = await run(['/bin/ls', '-A', '/'], {as: person});
    const known =
      /^(bin|boot|dev|etc|gnu|home|lib\w*|media|mnt|nix|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$/;
    expect(lines(stdout).filter((name) => !known.test(name))).toEqual([]);
    expect(lines(stdout)).not.toContain('boot');
  });
});

describeRoot('a file that only root may read', () => {
  it.each(['/etc', '/opt', '/usr/local', '/var', '/var/lib'])(
    'cannot be read where it lies in %s',
    async (place) => {
      const directory = mkdtempSync(join(place, 'minicontainer-e2e-'));
      try {
        chmodSync(directory, 0o755);
        writeFileSync(join(directory, 'secret'), 'of root alone\n', {mode: 0o600});
        expect(await run(steal([join(directory, 'secret')]))).toMatchObject({
          status: 0,
          stdout: '',
        });
      } finally {
        rmSync(directory, {recursive: true});
      }
    },
  );

  it('cannot be read with --userns host where it is known to be a secret', async () => {
    const {status, stdout} = await run(['--userns', 'host', ...steal(secrets.filter(isListed))]);
    expect({status, stdout}).toEqual({status: 0, stdout: ''});
  });

  it('cannot be uncovered with --userns host', async () => {
    const script = 'umount /etc/shadow; mount --bind /etc /mnt; cat /etc/shadow /mnt/shadow';
    const {stdout} = await run(['--userns', 'host', ...bash(`(${script}) 2>/dev/null; true`)]);
    expect(stdout).toBe('');
  });
});

/** With the host's ids there is only a list; these are on it. */
function isListed(path: string): boolean {
  return !['/var/cache/ldconfig', '/var/lib/private'].includes(path);
}
