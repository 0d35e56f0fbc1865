import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {launch, run} from '../harness/run.ts';
import {bash, lines, quote} from '../harness/words.ts';

/** Leaves ten orphans that end at once; then counts the zombies. */
const orphans = `
for n in {1..10}; do ( (sleep 0.05 &) & ); done
sleep 0.3; ps -e -o stat= | grep -c '^Z'`;

describeEach('--init', (person) => {
  it('is pid 1, and the command is its child', async () => {
    const {stdout} = await run(
      ['--init', ...bash('echo $$ $PPID; ps -e -o pid=,ppid= | head -2')],
      {
        as: person,
      },
    );
    const [own, ...processes] = lines(stdout);
    expect(own).toBe('2 1');
    expect(processes.map((line) => line.trim().split(/\s+/))).toEqual([
      ['1', '0'],
      ['2', '1'],
    ]);
  });

  it('reaps what the command leaves behind', async () => {
    const {stdout} = await run(['--init', ...bash(orphans)], {as: person});
    expect(stdout).toBe('0\n');
  });

  it('is what reaps: a sleep as pid 1 does not', async () => {
    // So that the test above means something.
    const script = `
import os, time
for _ in range(3):
  if os.fork() == 0:
    if os.fork() == 0: time.sleep(0.05)
    os._exit(0)
time.sleep(0.3)
print(sum(open(f"/proc/{p}/stat").read().split()[2] == "Z" for p in os.listdir("/proc") if p.isdigit()))`;
    const {stdout} = await run(['/usr/bin/python3', '-c', script], {as: person});
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  it('ends with the command, and all else ends with it', async () => {
    const {status} = await run(['--init', ...bash('setsid sleep 100 & sleep 100 & exit 5')], {
      as: person,
    });
    expect(status).toBe(5);
  });

  it('holds none of the container’s streams open', async () => {
    const script = 'ls -l /proc/1/fd 2>/dev/null | grep -c -e "->"';
    const {stdout} = await run(['--init', ...bash(`${script}; true`)], {as: person});
    expect(stdout).toBe('0\n');
  });

  it('gives the command the terminal: Ctrl-C reaches it once', async () => {
    const payload = `trap "echo interrupted; exit 9" INT; echo ready; while :; do sleep 0.01; done`;
    const line = `script -qec ${quote(`minicontainer run --init /bin/bash -c ${quote(payload)}`)} /dev/null`;
    const terminal = launch('bash', ['-c', line], {as: person, stdin: 'open'});
    await terminal.printed('ready');
    terminal.stdin.write('\x03');
    const {status, stdout} = await terminal.result;
    expect({status, stdout}).toEqual({status: 9, stdout: 'ready\r\n^Cinterrupted\r\n'});
  });
});
