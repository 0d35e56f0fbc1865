import {expect, it} from 'vitest';
import {describeEach, describeRoot, isRoot} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {bash, lines, userFlags} from '../harness/words.ts';

const defaults = [
  'cap_chown',
  'cap_dac_override',
  'cap_fowner',
  'cap_fsetid',
  'cap_kill',
  'cap_net_bind_service',
  'cap_setfcap',
  'cap_setgid',
  'cap_setpcap',
  'cap_setuid',
  'cap_sys_chroot',
];

const sets = bash(`grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status`);

function parseSets(stdout: string): Record<string, string> {
  return Object.fromEntries(lines(stdout).map((line) => line.split(/:\s+/)));
}

/** Names of a mask's bits, as capsh has them. */
async function names(mask: string | undefined): Promise<string[]> {
  const {stdout} = await run(['/usr/sbin/capsh', `--decode=${mask}`]);
  const [, list = ''] = stdout.trim().split('=');
  return list.split(',').filter(Boolean).sort();
}

describeEach('the capabilities of a container', (person) => {
  it('are Podman’s eleven, none of them inheritable', async () => {
    const found = parseSets((await run(sets, {as: person})).stdout);
    expect(await names(found.CapEff)).toEqual(defaults);
    expect(found).toMatchObject({
      CapPrm: found.CapEff,
      CapBnd: found.CapEff,
      CapInh: '0000000000000000',
      CapAmb: '0000000000000000',
      NoNewPrivs: '0',
    });
  });

  it('grow by --cap-add and shrink by --cap-drop', async () => {
    const words = [
      '--cap-add',
      'NET_ADMIN',
      '--cap-add=cap_net_raw',
      '--cap-drop',
      'CHOWN',
      ...sets,
    ];
    const {CapEff} = parseSets((await run(words, {as: person})).stdout);
    const expected = [...defaults, 'cap_net_admin', 'cap_net_raw'].filter(
      (name) => name !== 'cap_chown',
    );
    expect(await names(CapEff)).toEqual(expected.sort());
  });

  it('are none with --cap-drop ALL, which no set-user-ID program brings back', async () => {
    const found = parseSets((await run(['--cap-drop', 'ALL', ...sets], {as: person})).stdout);
    expect([found.CapEff, found.CapPrm, found.CapBnd]).toEqual(Array(3).fill('0000000000000000'));
  });

  it('are one with --cap-drop ALL and --cap-add', async () => {
    const words = ['--cap-drop', 'ALL', '--cap-add', 'KILL', ...sets];
    const {CapEff} = parseSets((await run(words, {as: person})).stdout);
    expect(await names(CapEff)).toEqual(['cap_kill']);
  });

  it('let root change what belongs to it, and configure its network with NET_ADMIN', async () => {
    const script = 'ip link set lo down && ip link add dummy0 type dummy 2>&1; ip -br link | wc -l';
    const {status} = await run(['--cap-add', 'NET_ADMIN', ...bash(script)], {as: person});
    expect(status).toBe(0);
    const {stdout} = await run(bash('ip link set lo down 2>&1; true'), {as: person});
    expect(stdout).toMatch(/not permitted/);
  });

  it('are none for another user than root, and come back by no file', async () => {
    const [flags = []] = userFlags(person).slice(-1);
    if (flags.length === 0) return;
    const found = parseSets((await run([...flags, ...sets], {as: person})).stdout);
    expect(found).toMatchObject({
      CapEff: '0000000000000000',
      CapPrm: '0000000000000000',
      CapInh: '0000000000000000',
      CapAmb: '0000000000000000',
    });
    expect(await names(found.CapBnd)).toEqual(defaults);
  });

  it('do not allow what would reach the host', async () => {
    const tries = [
      'mount -t tmpfs x /mnt',
      'mount --bind /usr /mnt',
      'umount /proc/keys',
      'mount -o remount,rw /proc/sys',
      'mount -o remount,rw /sys',
      'mknod /tmp/disk b 254 0',
      'mknod /tmp/mem c 1 1',
      'unshare -m true',
      'hostname other',
      'date -s 2000-01-01',
      'dmesg',
      'sysctl -w kernel.core_pattern=x',
      'echo x > /proc/sysrq-trigger',
      'echo 1 > /proc/sys/vm/drop_caches',
      'nsenter -t 1 -m true',
      'chroot /proc/1/root/../../.. ls /work',
      'swapoff -a -v /x',
      'losetup -f',
      'modprobe dummy',
      'nice -n -5 true | grep .',
    ];
    const script = tries.map((line) => `(${line}) > /dev/null 2>&1 && echo '${line}'`).join('\n');
    const {stdout} = await run(bash(`${script}; true`), {as: person});
    expect(lines(stdout)).toEqual([]);
  });

  it('belong to its user namespace alone, with --privileged too', async () => {
    if (isRoot && person.uid === 0) return;
    const script = `
grep CapEff /proc/self/status
(echo x > /proc/sys/kernel/core_pattern) 2>&1
mknod /tmp/disk b 254 0 2>&1`;
    const {stdout} = await run(['--privileged', ...bash(script)], {as: person});
    expect(stdout).toMatch(/^CapEff:\s+000001ffffffffff\n.*Permission denied\n.*not permitted\n$/);
  });
});

describeRoot('--privileged', () => {
  it('lifts what confines: all capabilities that root has, nothing masked, nothing read-only', async () => {
    const script = `
grep CapEff /proc/self/status | cut -f2; grep CapBnd /proc/self/status | cut -f2
test -w /proc/sys/kernel/hostname && echo writable
mount | grep -c -e 'on /proc/' -e 'on /sys/firmware'
hostname other && hostname; mount -t tmpfs x /mnt && echo mounted`;
    const {stdout} = await run(['--privileged', ...bash(script)]);
    const {stdout: own} = await run(['--privileged', '/usr/sbin/capsh', '--print']);
    const [effective, bounding, ...rest] = lines(stdout);
    expect(effective).toBe(bounding);
    expect(await names(effective)).toContain('cap_sys_admin');
    expect(own).toContain('cap_sys_admin');
    expect(rest).toEqual(['writable', '0', 'other', 'mounted']);
  });
});
