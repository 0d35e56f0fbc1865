import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describePodman, type Podman} from '../harness/podman.ts';

const status = (podman: Podman, flags: readonly string[], field: string) =>
  podman.output(flags, ['sed', '-n', `s/^${field}:\t*//p`, '/proc/self/status']);

describePodman('confinement of containers of Podman', (podman, {rootless}) => {
  test.concurrent('has the capabilities of Podman’s configuration, and those that are added', async () => {
    expect(await status(podman(), [], 'CapEff')).toBe('00000000a80425fb');
    expect(await status(podman(), ['--cap-drop', 'all'], 'CapEff')).toBe('0000000000000000');
    expect(await status(podman(), ['--cap-drop', 'all'], 'CapBnd')).toBe('0000000000000000');
    const flags = ['--cap-drop', 'all', '--cap-add', 'net_admin', '--cap-add', 'sys_ptrace'];
    expect(await status(podman(), flags, 'CapEff')).toBe('0000000000081000');
  });

  test.concurrent('another user than root has none, unless they are added', async () => {
    expect(await status(podman(), ['-u', 'worker'], 'CapEff')).toBe('0000000000000000');
    const flags = ['-u', 'worker', '--cap-add', 'net_raw'];
    expect(await status(podman(), flags, 'CapEff')).toBe('0000000000002000');
    expect(await status(podman(), flags, 'CapAmb')).toBe('0000000000002000');
  });

  test.concurrent('--security-opt no-new-privileges', async () => {
    expect(await status(podman(), [], 'NoNewPrivs')).toBe('0');
    expect(await status(podman(), ['--security-opt', 'no-new-privileges'], 'NoNewPrivs')).toBe('1');
  });

  test.concurrent('has a filter of system calls, unless it is to be unconfined', async () => {
    expect(await status(podman(), [], 'Seccomp')).toBe('2');
    expect(await status(podman(), ['--security-opt', 'seccomp=unconfined'], 'Seccomp')).toBe('0');
  });

  test.concurrent('a filter of one’s own is obeyed', async () => {
    const profile = join(podman().home.work, 'profile.json');
    const syscalls = [{names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28}];
    writeFileSync(profile, JSON.stringify({defaultAction: 'SCMP_ACT_ALLOW', syscalls}));
    const flags = ['--security-opt', `seccomp=${profile}`];
    const {status: code, stderr} = await podman().run(flags, ['mkdir', '/tmp/x']);
    expect({code, stderr}).toEqual({code: 1, stderr: expect.stringContaining('No space left')});
  });

  test.concurrent('places of the kernel’s are masked or read-only, unless they are to be open', async () => {
    const script = 'head -c 1 /proc/keys | wc -c; echo 1 >/proc/sys/kernel/core_uses_pid || true';
    const {stdout, stderr} = await podman().run([], ['sh', '-c', script]);
    expect({stdout, stderr}).toEqual({stdout: '0\n', stderr: expect.stringContaining('Read-only')});
    const open = ['--security-opt', 'unmask=/proc/keys'];
    expect(await podman().output(open, ['sh', '-c', 'stat -c %t:%T /proc/keys'])).toBe('0:0');
    const masked = ['--security-opt', 'mask=/proc/version:/proc/fs'];
    expect(await podman().output(masked, ['sh', '-c', 'cat /proc/version; ls /proc/fs'])).toBe('');
  });

  test.concurrent('--sysctl sets what is the container’s own', async () => {
    const flags = ['--sysctl', 'kernel.shmmax=1234567', '--sysctl', 'net.ipv4.ip_forward=1'];
    const paths = ['kernel/shmmax', 'net/ipv4/ip_forward'].map((path) => `/proc/sys/${path}`);
    expect(await podman().output(flags, ['cat', ...paths])).toBe('1234567\n1');
  });

  test.concurrent('--privileged has all that its caller has', async () => {
    const script =
      'sed -n "s/^CapEff:.//p" /proc/self/status; mount -t tmpfs x /tmp && echo mounted';
    const {
      stdout,
      stderr,
      status: code,
    } = await podman().run(['--privileged'], ['sh', '-c', script]);
    // Whoever lacks CAP_SYS_RESOURCE cannot give it.
    const expected = rootless ? '000001ffffffffff' : expect.stringMatching(/^000001fff[ef]ffffff$/);
    expect({code, stderr, stdout: stdout.split('\n')}).toEqual({
      code: 0,
      stderr: '',
      stdout: [expected, 'mounted', ''],
    });
  });
});
