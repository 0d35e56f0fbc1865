import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, type Person, people} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {launch, minicontainer, run, type Started, start} from '../harness/run.ts';
import {bash, lines} from '../harness/words.ts';

const program = join(import.meta.dirname, 'filters/listener.py');
const EDQUOT = 122;

/** Somebody who answers at a socket in this person's room: mkdir with an errno, all else as it is. */
async function listen(person: Person, answer = EDQUOT): Promise<{path: string; agent: Started}> {
  const path = join(roomOf(person).work, 'agent.sock');
  const script = readFileSync(program, 'utf8');
  const agent = launch('/usr/bin/python3', ['-c', script, path, String(answer)], {as: person});
  await agent.printed('listening');
  return {path, agent};
}

/** The flag for a profile that notifies of these calls. */
function notifying(person: Person, profile: object, ...names: string[]): string[] {
  const file = join(roomOf(person).work, 'profile.json');
  const rule = {names, action: 'SCMP_ACT_NOTIFY'};
  writeFileSync(
    file,
    JSON.stringify({defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule], ...profile}),
  );
  return ['--security-opt', `seccomp=${file}`];
}

const makes = bash('mkdir /tmp/made; ls /tmp; echo done');

describeEach('a filter that notifies', (person) => {
  it('sends its descriptor and the state of the process, once, and is answered', async () => {
    const {path: listenerPath, agent} = await listen(person);
    const profile = {listenerPath, listenerMetadata: 'for "$pid" \\ é'};
    const words = [...notifying(person, profile, 'mkdir', 'mkdirat'), ...makes];
    const {status, stdout, stderr} = await run(words, {as: person});
    expect([status, stdout]).toEqual([0, 'done\n']);
    expect(stderr).toContain('Disk quota exceeded');
    const [, told = '{}', ...calls] = lines((await agent.result).stdout);
    const {descriptors, closed, state} = JSON.parse(told);
    expect([descriptors, closed]).toEqual([1, true]);
    const id = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(state).toEqual({
      ociVersion: '1.2.0',
      fds: ['seccompFd'],
      pid: expect.any(Number),
      metadata: profile.listenerMetadata,
      state: {
        ociVersion: '1.2.0',
        id,
        status: 'creating',
        pid: state.pid,
        bundle: join(roomOf(person).state, 'containers', state.state.id),
      },
    });
    expect(calls).toEqual(['mkdir /tmp/made']);
  });

  it('tells the pid that the process has on the host, and where its config.json is', async () => {
    const {path: listenerPath, agent} = await listen(person);
    const flags = notifying(person, {listenerPath}, 'mkdir', 'mkdirat');
    const words = ['run', ...flags, ...bash('echo running; read -r _')];
    const container = start(words, {as: person, stdin: 'open'});
    await container.printed('running');
    const [, told = '{}'] = lines(await agent.printed('seccompFd'));
    const {pid, state} = JSON.parse(told).state;
    const namespaces = /^NSpid:(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    expect(namespaces?.trim().split(/\s+/)).toEqual([String(pid), expect.any(String), '1']);
    expect(JSON.parse(readFileSync(join(state.bundle, 'config.json'), 'utf8'))).toHaveProperty(
      'linux.seccomp.listenerPath',
      listenerPath,
    );
    container.stdin.end();
    await container.result;
    await agent.result;
  });

  it('may have its calls done for it', async () => {
    const {path: listenerPath, agent} = await listen(person, 0);
    const flags = notifying(person, {listenerPath}, 'mkdir', 'mkdirat');
    const {stdout, stderr} = await run([...flags, ...makes], {as: person});
    expect([stdout, stderr]).toEqual(['done\n', '']);
    expect((await agent.result).stdout).toContain('mkdir /tmp/made\n');
  });

  it.each([
    ['at the start', []],
    ['last, with no_new_privs', ['--security-opt', 'no-new-privileges']],
    ['last, with an init', ['--security-opt', 'no-new-privileges', '--init']],
  ])('may notify of the very calls that send its descriptor: loaded %s', async (_, more) => {
    const {path: listenerPath, agent} = await listen(person);
    const names = 'sendmsg sendto recvfrom write futex sched_yield close mkdir mkdirat'.split(' ');
    const words = [...notifying(person, {listenerPath}, ...names), ...more, ...makes];
    const {stdout} = await run(words, {as: person});
    expect(stdout).toBe('done\n');
    expect((await agent.result).stdout).toContain('mkdir /tmp/made\n');
  });

  it('may refuse those calls to everybody else', async () => {
    const {path: listenerPath} = await listen(person);
    const refusing = {names: ['sendmsg', 'futex', 'sched_yield'], action: 'SCMP_ACT_ERRNO'};
    const notify = {names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY'};
    const flags = notifying(person, {listenerPath, syscalls: [refusing, notify]});
    const {stdout, stderr} = await run([...flags, ...makes], {as: person});
    expect(stdout).toBe('done\n');
    expect(stderr).toContain('Disk quota exceeded');
  });

  it('is refused where nobody listens, before anything runs', async () => {
    const listenerPath = join(roomOf(person).work, 'nobody.sock');
    const flags = notifying(person, {listenerPath}, 'mkdir');
    const {status, stdout, stderr} = await run([...flags, ...makes], {as: person});
    expect([status, stdout]).toEqual([125, '']);
    expect(stderr).toContain(
      `minicontainer: nobody listens for the filter of system calls at ${listenerPath}: ENOENT`,
    );
  });

  it('is refused where the socket is a file', async () => {
    const listenerPath = join(roomOf(person).work, 'profile.json');
    const flags = notifying(person, {listenerPath}, 'mkdir');
    const {status, stderr} = await run([...flags, '/bin/true'], {as: person});
    expect(status).toBe(125);
    expect(stderr).toMatch(/at .*profile.json: (ECONNREFUSED|EACCES)/);
  });

  it.each([
    ['without a listenerPath', {}, 'SCMP_ACT_NOTIFY without a listenerPath'],
    ['with a relative one', {listenerPath: 'agent.sock'}, 'agent.sock is not absolute'],
    ['with one too long', {listenerPath: `/${'x'.repeat(107)}`}, 'has more than 107 bytes'],
  ])('is refused %s', async (_, profile, message) => {
    const words = [...notifying(person, profile, 'mkdir'), '/bin/true'];
    const {status, stderr} = await run(words, {as: person});
    expect(status).toBe(125);
    expect(stderr).toContain(message);
  });
});

describeRoot('a listener that no rule notifies', () => {
  it('is not even looked for, as OCI has it', async () => {
    const [root] = people;
    expect.assert(root);
    const profile = {listenerPath: '/nowhere/agent.sock', syscalls: []};
    const flags = notifying(root, profile);
    const {status} = await run([...flags, '/bin/true']);
    expect(status).toBe(0);
    const {stdout} = await minicontainer(['explain', 'run', ...flags, '/bin/true']);
    expect(stdout).not.toContain('connectListener');
  });
});
