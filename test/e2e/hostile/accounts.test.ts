import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {makeSystem, plant} from '../harness/system.ts';

// Not id(1), which would look its own name up in the same file.
const ids = ['/bin/stat', '-L', '-c', '%u %g', '/proc/self'];

describeEach('an /etc/passwd that is hostile', (person) => {
  it('does not make 0 anybody but root', async () => {
    const root = makeSystem(person);
    writeFileSync(join(root, 'etc/passwd'), '0:x:33:33::/:\nroot:x:0:77:::\n');
    const {stdout} = await run(['--rootfs', root, '-u', '0:0', ...ids], {as: person});
    expect(stdout).toBe('0 0\n');
  });

  const several = person.ids === 'single' ? [] : ['with several ids'];
  describe.each(several)('%s', () => {
    it('does not make a number a name', async () => {
      const root = makeSystem(person);
      writeFileSync(
        join(root, 'etc/passwd'),
        '1000:x:0:0:::\n01000:x:0:0::/:\nx:x:0:0::/:/bin/sh\n',
      );
      const {stdout} = await run(['--rootfs', root, '-u', '1000', ...ids], {as: person});
      expect(stdout).toBe('1000 0\n');
    });

    it.each([
      ['ids that do not exist', 'web:x:4294967295:0::/:\n'],
      ['ids that overflow', 'web:x:4294967296:0::/:\n'],
      ['negative ids', 'web:x:-1:0::/:\n'],
      ['hexadecimal ids', 'web:x:0x0:0::/:\n'],
      ['no ids', 'web:x:::::\n'],
      ['too few fields', 'web:x:0\n'],
      ['nothing', ''],
      ['bytes that are no text', '\u0000\u0001web:x:0:0::/:\n'],
    ])('with %s does not make a user root', async (_, text) => {
      const root = makeSystem(person);
      writeFileSync(join(root, 'etc/passwd'), text);
      const {status, stdout, stderr} = await run(['--rootfs', root, '-u', 'web', ...ids], {
        as: person,
      });
      expect({status, stdout}).toEqual({status: 125, stdout: ''});
      expect(stderr).toMatch(/^minicontainer: user web is not in the container's .*\nhint: .*\n$/);
    });

    it('that is a pipe, a device or a directory is not waited for', async () => {
      for (const make of ['mkfifo passwd', 'mkdir passwd', 'ln -s /dev/zero passwd']) {
        const root = makeSystem(person, make.replace(/\W/g, '-'));
        execFileSync('sh', ['-c', `cd "$0/etc" && rm -rf passwd && ${make}`, root]);
        const {status, stderr} = await run(['--rootfs', root, '-u', 'web', ...ids], {as: person});
        expect(status).toBe(125);
        expect(stderr).toMatch(/^minicontainer: .*\nhint: .*\n$/);
        const numeric = await run(['--rootfs', root, '-u', '33', ...ids], {as: person});
        expect(numeric).toMatchObject({stdout: '33 0\n'});
      }
    });

    it('that is a link leads to the root file system’s own, never to the host’s', async () => {
      const root = makeSystem(person);
      writeFileSync(join(root, 'accounts'), 'web:x:33:33::/:\n');
      plant(root, 'etc/passwd', '/accounts', person);
      const words = ['--rootfs', root, '-u'];
      expect(await run([...words, 'web', ...ids], {as: person})).toMatchObject({stdout: '33 33\n'});
      plant(root, 'etc/passwd', '../../../../../../etc/passwd', person);
      expect(await run([...words, 'daemon', ...ids], {as: person})).toMatchObject({status: 125});
    });

    it('of megabytes is read as far as is sane', async () => {
      const root = makeSystem(person);
      writeFileSync(join(root, 'etc/passwd'), `web:x:33:33::/:\n${'x'.repeat(4_000_000)}\n`);
      const {stdout} = await run(['--rootfs', root, '-u', 'web', ...ids], {as: person});
      expect(stdout).toBe('33 33\n');
    });
  });
});
