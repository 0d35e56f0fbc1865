import {spawnSync} from 'node:child_process';
import {hostname} from 'node:os';
import {expect, it} from 'vitest';
import {describeEach} from './harness/people.ts';
import {run, start} from './harness/run.ts';
import {bash, lines} from './harness/words.ts';

// What the tutorial that this project comes from shows its readers; that the host's mounts, processes
// and cgroups are afterwards as they were, is checked after every test.

describeEach('the demonstration', (person) => {
  it('shows a host name of its own and leaves the host with its old one', async () => {
    const before = hostname();
    const script = 'hostname; hostname changed; hostname';
    const {status, stdout} = await run(['--cap-add', 'SYS_ADMIN', ...bash(script)], {as: person});
    const [own] = lines(stdout);
    expect({status, stdout}).toEqual({status: 0, stdout: `${own}\nchanged\n`});
    expect(own).toMatch(/^[0-9a-f]{12}$/);
    expect(own).not.toBe(before);
    expect(spawnSync('hostname', {encoding: 'utf8'}).stdout.trim()).toBe(before);
  });

  it('lists the processes of the container, and no others', async () => {
    const {stdout} = await run(bash('sleep 10 & sleep 0.1; ps -e -o pid=,comm=; true'), {
      as: person,
    });
    const processes = lines(stdout).map((line) => line.trim().split(/\s+/));
    expect(processes.map(([, command]) => command).sort()).toEqual(['bash', 'ps', 'sleep']);
    expect(processes[0]).toEqual(['1', 'bash']);
  });

  it('runs the command as pid 1, with nothing above it', async () => {
    const {stdout} = await run(bash('echo $$ $PPID; readlink /proc/self/exe /proc/1/exe; exit'), {
      as: person,
    });
    expect(lines(stdout)).toEqual(['1 0', '/usr/bin/readlink', '/usr/bin/bash']);
  });

  it('is root inside, and on the host the user that its ids are mapped to', async () => {
    const container = start(['run', ...bash('id -u; id -un; read')], {as: person, stdin: 'open'});
    expect(await container.printed('root')).toBe('0\nroot\n');
    container.stdin.end('\n');
    expect(await container.result).toMatchObject({status: 0, stderr: ''});
  });

  it('cannot see or signal a process of the host', async () => {
    const {stdout} = await run(bash(`kill -0 ${process.pid} 2>&1; ls /proc | grep -c '^[0-9]'`), {
      as: person,
    });
    expect(stdout).toMatch(/No such process\n[1-5]\n$/);
  });

  it('prints nothing but what the command prints', async () => {
    expect(await run(['/bin/echo', 'hello'], {as: person})).toEqual({
      status: 0,
      stdout: 'hello\n',
      stderr: '',
    });
  });
});
