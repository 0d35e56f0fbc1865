import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {minicontainer, run} from '../harness/run.ts';
import {runSpec} from '../harness/spec.ts';
import {bash, lines} from '../harness/words.ts';

describeEach('--security-opt', (person) => {
  it('apparmor= and label= need a host that has them; without one only unconfined is possible', async () => {
    for (const [option, words] of [
      ['apparmor=mine', 'this host has no AppArmor, which the profile mine would need'],
      ['label=type:x', 'this host has no SELinux'],
    ]) {
      const {status, stderr} = await run(['--security-opt', `${option}`, '/bin/true'], {
        as: person,
      });
      expect([status, stderr]).toEqual([125, expect.stringContaining(`${words}`)]);
    }
    for (const option of ['apparmor=unconfined', 'label=disable']) {
      expect(await run(['--security-opt', option, '/bin/true'], {as: person})).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
    }
  });

  it('mask= hides, unmask= shows', async () => {
    const words = ['--security-opt', 'mask=/proc/uptime:/proc/cpuinfo'];
    const {stdout} = await run([...words, ...bash('cat /proc/uptime /proc/cpuinfo')], {as: person});
    expect(stdout).toBe('');
    const mounted = bash('cut -d" " -f5 /proc/self/mountinfo | grep -E "^/proc/|^/sys/firmware"');
    const hidden = async (option: string) =>
      lines((await run(['--security-opt', option, ...mounted], {as: person})).stdout);
    expect(await hidden('unmask=ALL')).toEqual([]);
    expect(await hidden('systempaths=unconfined')).toEqual([]);
    const some = await hidden('unmask=/proc/keys:/proc/s*');
    expect(some).not.toContain('/proc/keys');
    expect(some).not.toContain('/proc/sys');
    expect(some).toContain('/proc/acpi');
  });

  it('proc-opts= goes to /proc', async () => {
    const words = ['--security-opt', 'proc-opts=hidepid=2', ...bash('grep " /proc " /proc/mounts')];
    expect((await run(words, {as: person})).stdout).toMatch(/hidepid=(2|invisible)/);
  });

  it('is seen in explain: what is not hidden is not among the operations', async () => {
    const words = ['explain', 'run', '--security-opt', 'unmask=/proc/keys', '/bin/true'];
    const {stdout} = await minicontainer(words, {as: person});
    expect(stdout).toMatch(/left open, where the default is to hide or to protect: \/proc\/keys/);
    expect(stdout).not.toMatch(/maskPath .*path=keys /);
    expect(stdout).toMatch(/maskPath .*path=acpi /);
  });
});

describeEach('what a specification says', (person) => {
  it.each([
    [{process: {apparmorProfile: 'mine'}}, 'EAPPARMOR'],
    [{process: {selinuxLabel: 'a:b:c:s0'}}, 'ESELINUX'],
    [{linux: {mountLabel: 'a:b:c:s0'}}, 'ESELINUX'],
  ])('of labels, %j, is an error where the host has none', async (changes, code) => {
    await expect(runSpec(person, 'true', changes)).rejects.toMatchObject({code});
  });

  it('of a label is written where the kernel looks for it, whatever /proc is', async () => {
    // No module takes it here: EINVAL comes from the file itself, not from a way to it.
    const facts = {lsm: {apparmor: true, selinux: true}};
    const {status, stderr} = await runSpec(
      person,
      'true',
      {process: {apparmorProfile: 'mine'}},
      facts,
    );
    expect([status, stderr]).toEqual([125, expect.stringMatching(/attr\/exec: EINVAL/)]);
  });
});
