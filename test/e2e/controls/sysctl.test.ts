import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {runSpec} from '../harness/spec.ts';
import {bash} from '../harness/words.ts';

describeEach('a sysctl', (person) => {
  it.each([
    ['net.ipv4.ip_forward', '1'],
    ['net.ipv4.ping_group_range', '0 0'],
    ['net/ipv4/conf/lo/forwarding', '1'],
    ['kernel.shmmax', '4096'],
    ['kernel.msgmni', '7'],
    ['fs.mqueue.msg_max', '5'],
    ['kernel.domainname', 'example'],
    ['user.max_user_namespaces', '3'],
  ])('%s is the container’s own', async (name, value) => {
    const path = join('/proc/sys', name.includes('/') ? name : name.replaceAll('.', '/'));
    const before = readFileSync(path, 'utf8');
    const {status, stdout, stderr} = await run(
      ['--sysctl', `${name}=${value}`, ...bash(`cat ${path}; echo > ${path}`)],
      {as: person},
    );
    expect([status, stdout.replaceAll(/\s+/g, ' ').trim()]).toEqual([1, value]);
    expect(stderr).toContain('Read-only file system');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each([
    [[], 'kernel.core_pattern', 'belongs to the whole host'],
    [[], 'vm.swappiness', 'belongs to the whole host'],
    [[], 'net/../kernel/core_pattern', 'there is no sysctl'],
    [['--network', 'host'], 'net.ipv4.ip_forward', 'shares'],
    [[], 'kernel.hostname', 'contradict'],
  ])('%j %s is refused by name', async (flags, name, words) => {
    const {status, stderr} = await run([...flags, '--sysctl', `${name}=x`, '/bin/true'], {
      as: person,
    });
    expect([status, stderr]).toEqual([125, expect.stringContaining(words)]);
    expect(stderr).toContain('hint: ');
  });

  it('that does not exist, or does not take the value, is told in one line', async () => {
    for (const [setting, errno] of [
      ['net.ipv4.no_such_thing=1', 'ENOENT'],
      ['kernel.shmmni=many', 'EINVAL'],
    ]) {
      const {status, stderr} = await run(['--sysctl', `${setting}`, '/bin/true'], {as: person});
      expect([status, stderr]).toEqual([125, expect.stringContaining(`${errno}`)]);
      expect(stderr).toContain(`${setting?.split('=')[0]}`.replaceAll('.', '/'));
    }
  });

  it('lands in no file that a bundle has put in its place (CVE-2025-52881)', async () => {
    const decoy = join(roomOf(person).work, 'decoy');
    mkdirSync(join(decoy, 'net/ipv4'), {recursive: true});
    writeFileSync(join(decoy, 'net/ipv4/ip_forward'), 'untouched\n');
    for (const over of ['/proc/sys', '/proc']) {
      const mounts = [
        {destination: '/proc', type: 'proc', source: 'proc'},
        {destination: over, type: 'bind', source: decoy, options: ['bind']},
      ];
      const {stderr} = await runSpec(person, 'true', {
        spec: {mounts: over === '/proc' ? mounts.slice(1) : mounts},
        linux: {sysctl: {'net.ipv4.ip_forward': '1'}, maskedPaths: [], readonlyPaths: []},
      });
      expect(stderr).toBe('');
      expect(readFileSync(`${decoy}/net/ipv4/ip_forward`, 'utf8')).toBe('untouched\n');
    }
  });
});

describeRoot('with the ids of the host', () => {
  it('sysctls of its own namespaces are set too, and those of the user namespace are not', async () => {
    const words = ['--userns', 'host', '--sysctl', 'net.ipv4.ip_forward=1'];
    const {stdout} = await run([...words, '/bin/cat', '/proc/sys/net/ipv4/ip_forward']);
    expect(stdout).toBe('1\n');
    const foreign = ['--userns', 'host', '--sysctl', 'user.max_user_namespaces=1'];
    const {stderr} = await run([...foreign, '/bin/true']);
    expect(stderr).toContain('user namespace');
  });
});
