import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, it} from 'vitest';
import {isRoot} from '../../e2e/harness/people.ts';
import {useDocker} from '../harness/docker.ts';
import {grantsAll, ownCapabilities} from '../harness/privileges.ts';

const docker = useDocker();

/** Bits of /proc/PID/status, by their names in it. */
async function statusOf(flags: readonly string[]): Promise<Map<string, string>> {
  const {stdout} = await docker().run(flags, ['cat', '/proc/self/status']);
  return new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const [name = '', value = ''] = line.split(':\t');
        return [name, value];
      }),
  );
}

/** Numbers of capabilities (capability.h). */
const bit = (number: number) => 1n << BigInt(number);
const chown = bit(0);
const netRaw = bit(13);
const sysAdmin = bit(21);
const bitsOf = (status: Map<string, string>, name: string) => BigInt(`0x${status.get(name)}`);

describe.runIf(isRoot)('only root: docker run, what the process may do', {concurrent: true}, () => {
  it("has docker's capabilities", async ({expect}) => {
    const status = await statusOf([]);
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) {
      expect(bitsOf(status, set).toString(16), set).toBe('a80425fb');
    }
    expect(bitsOf(status, 'CapAmb')).toBe(0n);
  });

  it('has no capability as a user', async ({expect}) => {
    const status = await statusOf(['--user', '1000']);
    expect(bitsOf(status, 'CapEff')).toBe(0n);
    expect(bitsOf(status, 'CapPrm')).toBe(0n);
  });

  it('loses one with --cap-drop, and all of them', async ({expect}) => {
    const some = bitsOf(await statusOf(['--cap-drop', 'CHOWN', '--cap-drop', 'NET_RAW']), 'CapEff');
    expect(some & (chown | netRaw)).toBe(0n);
    expect(some).not.toBe(0n);
    expect(bitsOf(await statusOf(['--cap-drop', 'ALL']), 'CapBnd')).toBe(0n);
  });

  it('gains one with --cap-add', async ({expect}) => {
    expect(bitsOf(await statusOf(['--cap-add', 'SYS_ADMIN']), 'CapEff') & sysAdmin).toBe(sysAdmin);
    const alone = await statusOf(['--cap-drop', 'ALL', '--cap-add', 'NET_RAW']);
    expect(bitsOf(alone, 'CapEff')).toBe(netRaw);
  });

  it('has a filter of system calls unless it is told not to', async ({expect}) => {
    expect((await statusOf([])).get('Seccomp')).toBe('2');
    expect((await statusOf(['--security-opt', 'seccomp=unconfined'])).get('Seccomp')).toBe('0');
  });

  it('has the filter of a profile', async ({expect}) => {
    const profile = join(docker().arena.scratch, 'profile.json');
    const rule = {names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 28};
    writeFileSync(profile, JSON.stringify({defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule]}));
    const {status, stderr} = await docker().run(
      ['--security-opt', `seccomp=${profile}`],
      ['mkdir', '/new'],
    );
    expect(stderr).toContain('No space left on device');
    expect(status).toBe(1);
  });

  it('gains no privileges by executing with no-new-privileges', async ({expect}) => {
    expect((await statusOf([])).get('NoNewPrivs')).toBe('0');
    const flags = ['--security-opt', 'no-new-privileges'];
    expect((await statusOf(flags)).get('NoNewPrivs')).toBe('1');
    expect((await statusOf([...flags, '--user', '1000'])).get('Seccomp')).toBe('2');
  });

  it.runIf(grantsAll)('has all that the daemon has with --privileged', async ({expect}) => {
    const script =
      'grep -E "CapEff|Seccomp:" /proc/self/status; ls -d /dev/fuse; mount -t tmpfs none /tmp';
    const {stdout, status} = await docker().run(['--privileged'], ['sh', '-c', script]);
    const [, capabilities, rest] = /^CapEff:\t(\w+)\n(.*)$/s.exec(stdout) ?? [];
    // Those that the daemon has a name for.
    expect(BigInt(`0x${capabilities}`) & sysAdmin).toBe(sysAdmin);
    expect(BigInt(`0x${capabilities}`) & ~ownCapabilities()).toBe(0n);
    expect(rest).toBe('Seccomp:\t0\n/dev/fuse\n');
    expect(status).toBe(0);
  });

  it("is in the daemon's user namespace with --userns host", async ({expect}) => {
    const {stdout} = await docker().run(['--userns', 'host'], ['cat', '/proc/self/uid_map']);
    expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', '4294967295']);
  });

  it('mounts nothing without privileges', async ({expect}) => {
    const {status, stderr} = await docker().run([], ['mount', '-t', 'tmpfs', 'none', '/tmp']);
    expect(stderr).toMatch(/permission denied/i);
    expect(status).not.toBe(0);
  });
});
