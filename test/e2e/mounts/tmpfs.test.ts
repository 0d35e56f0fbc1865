import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {bash} from '../harness/words.ts';

describeEach('--tmpfs', (person) => {
  it('is an empty directory in memory, which its root can write', async () => {
    const words = [
      '--tmpfs',
      '/scratch',
      ...bash('ls -A /scratch; echo x > /scratch/x; cat /scratch/x'),
    ];
    expect(await run(words, {as: person})).toEqual({status: 0, stdout: 'x\n', stderr: ''});
  });

  it('is what can be written of a read-only root', async () => {
    const script = 'echo x > /tmp/x && cat /tmp/x; (echo x > /y) 2> /dev/null || echo refused';
    const words = ['--read-only', '--tmpfs', '/tmp', ...bash(script)];
    expect(await run(words, {as: person})).toMatchObject({stdout: 'x\nrefused\n'});
  });

  it('has the size and mode that are asked for', async () => {
    const words = ['--tmpfs', '/scratch:size=1m,mode=750,nr_inodes=100'];
    const script =
      'stat -c %a /scratch; df -k --output=size /scratch | tail -1; df --output=itotal /scratch | tail -1';
    const {stdout} = await run([...words, ...bash(script)], {as: person});
    expect(stdout.split(/\s+/)).toEqual(['750', '1024', '100', '']);
  });

  it('refuses more than its size, which ends nothing else', async () => {
    const script = 'head -c 2M /dev/zero > /scratch/big; echo $?; wc -c < /scratch/big';
    const {stdout, stderr} = await run(['--tmpfs', '/scratch:size=1m', ...bash(script)], {
      as: person,
    });
    expect(stdout).toBe('1\n1048576\n');
    expect(stderr).toMatch(/No space left on device/);
  });

  it.each([
    ['/x', 'nosuid,nodev,noexec'],
    ['/x:exec', 'nosuid,nodev'],
    ['/x:ro', 'ro,nosuid,nodev,noexec'],
    ['/x:suid,dev,exec', ''],
  ])('%s is mounted with %s', async (value, expected) => {
    const words = ['--tmpfs', value, ...bash("grep ' /x ' /proc/self/mounts | cut -d' ' -f4")];
    const {stdout} = await run(words, {as: person});
    const options = stdout.trim().split(',');
    for (const option of ['ro', 'nosuid', 'nodev', 'noexec']) {
      expect([option, options.includes(option)]).toEqual([
        option,
        expected.split(',').includes(option),
      ]);
    }
  });

  it('does not execute what is put there, unless asked to', async () => {
    const script = 'cp /bin/true /x/true; /x/true';
    expect((await run(['--tmpfs', '/x', ...bash(script)], {as: person})).status).toBe(126);
    expect((await run(['--tmpfs', '/x:exec', ...bash(script)], {as: person})).status).toBe(0);
  });

  it('is what --mount type=tmpfs makes', async () => {
    const words = ['--mount', 'type=tmpfs,dst=/x,tmpfs-size=2MB,tmpfs-mode=700'];
    const script = 'stat -c %a /x; df -k --output=size /x | tail -1';
    const {stdout} = await run([...words, ...bash(script)], {as: person});
    expect(stdout.split(/\s+/)).toEqual(['700', '2048', '']);
  });
});
