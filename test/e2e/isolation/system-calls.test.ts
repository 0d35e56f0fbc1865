import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';

const mode = `grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status`;
const newNamespace = 'unshare --user true 2>&1 || echo refused';

/** errno of system calls that the default profile distinguishes. */
const asks = `
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def errno(number, *arguments):
    ctypes.set_errno(0)
    libc.syscall(number, *arguments)
    return ctypes.get_errno()
print(errno(250, 0, 0))       # keyctl
print(errno(435, 0, 0))       # clone3
print(errno(600))             # newer than every profile
print(errno(39))              # getpid
print(errno(165, 0, 0, 0))    # mount`;

describeEach('the filter of system calls', (person) => {
  it('is on by default, and refuses what a container never needs', async () => {
    const {stdout} = await run(bash(`${mode}; ${newNamespace}`), {as: person});
    expect(stdout).toMatch(/Seccomp:\s+2/);
    expect(stdout).toMatch(/NoNewPrivs:\s+0/);
    expect(stdout).toContain('refused');
  });

  it('answers EPERM to keyctl and mount, ENOSYS to clone3 and to calls it cannot know', async () => {
    const {stdout} = await run(['/usr/bin/python3', '-c', asks], {as: person});
    expect(lines(stdout)).toEqual(['1', '38', '38', '0', '1']);
  });

  it('allows mount with CAP_SYS_ADMIN, which the kernel then judges', async () => {
    const words = bash('mount -t tmpfs tmpfs /mnt && echo mounted');
    const {stdout} = await run(['--cap-add', 'SYS_ADMIN', ...words], {as: person});
    expect(stdout).toBe('mounted\n');
  });

  it('is off with --security-opt seccomp=unconfined', async () => {
    const words = bash(`${mode}; ${newNamespace}`);
    const {stdout} = await run(['--security-opt', 'seccomp=unconfined', ...words], {as: person});
    expect(stdout).toMatch(/Seccomp:\s+0/);
    expect(stdout).not.toContain('refused');
  });

  it('is the caller’s own with seccomp=FILE', async () => {
    const profile = join(roomOf(person).work, 'profile.json');
    const rule = {names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 13};
    writeFileSync(profile, JSON.stringify({defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule]}));
    const words = bash('mkdir /tmp/x 2>&1; touch /tmp/y && ls /tmp');
    const {stdout} = await run(['--security-opt', `seccomp=${profile}`, ...words], {as: person});
    expect(stdout).toContain('Permission denied');
    expect(stdout).toMatch(/^y$/m);
  });

  it('is loaded last with no-new-privileges', async () => {
    const {stdout} = await run(['--security-opt', 'no-new-privileges', ...bash(mode)], {
      as: person,
    });
    expect(stdout).toMatch(/NoNewPrivs:\s+1/);
    expect(stdout).toMatch(/Seccomp:\s+2/);
  });

  it('is refused where the profile is none', async () => {
    const profile = join(roomOf(person).work, 'profile.json');
    writeFileSync(profile, '{"defaultAction": "ALLOW"}');
    const words = ['--security-opt', `seccomp=${profile}`, '/bin/true'];
    const {status, stderr} = await run(words, {as: person});
    expect(status).toBe(125);
    expect(stderr).toContain('minicontainer: seccomp profile: /defaultAction');
  });
});
