import {chmodSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {decodePlan, encodePlan, operation, type Plan} from '@minicontainer/plan';
import {expect, it} from 'vitest';
import {describeEach, type Person} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {launch, minicontainer, nsexecPath, run} from '../harness/run.ts';
import {give} from '../harness/system.ts';
import {bash, lines} from '../harness/words.ts';

const unconfined = ['--security-opt', 'landlock=unconfined'];
const ways = [
  ['with Landlock', [], 'EACCES'],
  ['without, for comparison', unconfined, 'secret'],
] as const;

/** A directory of the host that no container is given, with a file that all may read. */
function makeSecret(person: Person): string {
  const directory = join(roomOf(person).work, 'secret');
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), 'secret\n');
  give(directory, person);
  return directory;
}

/** Hands a descriptor of a directory to who connects. */
const hand = `
import os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
server.listen()
print("listening", flush=True)
connection, _ = server.accept()
socket.send_fds(connection, [b"x"], [os.open(sys.argv[2], os.O_RDONLY)])`;

const take = `
import errno, os, socket
connection = socket.socket(socket.AF_UNIX)
connection.connect("/given/socket")
_, (directory,), _, _ = socket.recv_fds(connection, 1, 1)
try:
    print(os.read(os.open("file", os.O_RDONLY, dir_fd=directory), 99).decode().strip())
except OSError as error:
    print(errno.errorcode[error.errno])`;

const listen = `
import signal, socket
server = socket.socket(socket.AF_UNIX)
server.bind("\\0" + "NAME")
server.listen()
print("listening", flush=True)
signal.pause()`;

const connect = `
import errno, socket
try:
    socket.socket(socket.AF_UNIX).connect("\\0" + "NAME")
    print("secret")
except OSError as error:
    print("EACCES" if error.errno in (errno.EPERM, errno.EACCES) else error)`;

describeEach('what a container of the host view was not given', (person) => {
  it.each(ways)('it cannot open by a descriptor that it comes by: %s', async (_, flags, told) => {
    const secret = makeSecret(person);
    const given = join(roomOf(person).work, 'given');
    mkdirSync(given);
    give(given, person);
    const hander = launch('/usr/bin/python3', ['-c', hand, join(given, 'socket'), secret], {
      as: person,
    });
    await hander.printed('listening');
    const words = [...flags, '-v', `${given}:/given`, '/usr/bin/python3', '-c', take];
    expect((await run(words, {as: person})).stdout).toBe(`${told}\n`);
    await hander.result;
  });

  it.each(ways)('it cannot open in a mount too many, %s', async (_, flags, told) => {
    const secret = makeSecret(person);
    const words = ['--read-only', ...flags, ...bash('cat /leak/file 2>&1')];
    const {stdout} = await runChanged(person, words, (plan) => withLeak(plan, secret));
    expect(stdout).toContain(told === 'EACCES' ? 'Permission denied' : told);
  });

  it.each(ways)('it cannot reach by an abstract socket of the host, %s', async (_, flags, told) => {
    const name = `minicontainer-test-${process.pid}-${person.name}`;
    const server = launch('/usr/bin/python3', ['-c', listen.replace('NAME', name)], {as: person});
    await server.printed('listening');
    const script = connect.replace('NAME', name);
    const words = ['--network', 'host', ...flags, '/usr/bin/python3', '-c', script];
    const {stdout} = await run(words, {as: person});
    server.process.kill();
    await server.result;
    expect(stdout).toBe(`${told}\n`);
  });
});

describeEach('under Landlock', (person) => {
  it('files are moved, linked, cut and executed as ever', async () => {
    const script = `set -e
      mkdir -p /data/a; echo text > /data/a/f
      mv /data/a/f /tmp/f; ln /tmp/f /root/g; mv /root/g /data/g; mkfifo /data/p; ln -s g /data/s
      truncate -s 2 /data/g; cat /tmp/f; echo
      cp /bin/true /data/true; /data/true; rm -r /data; echo > /dev/null
      exec 9<> /dev/ptmx; echo stdout > /dev/stdout; cat < /proc/self/comm; test ! -e /data`;
    const {status, stdout, stderr} = await run(bash(script), {as: person});
    expect([status, stderr]).toEqual([0, '']);
    expect(lines(stdout)).toEqual(['te', 'stdout', 'cat']);
  });

  it('a volume and a tmpfs are as writable in a read-only root as they were mounted', async () => {
    const {work} = roomOf(person);
    mkdirSync(join(work, 'volume'));
    writeFileSync(join(work, 'name'), 'a file\n');
    chmodSync(join(work, 'volume'), 0o777);
    give(join(work, 'volume'), person);
    const flags = ['-v', `${work}/volume:/in/volume`, '-v', `${work}/name:/in/name:ro`];
    const script = `set -e
      echo a > /in/volume/f; mkdir /in/volume/d; mv /in/volume/f /in/volume/d; cat /in/name
      echo b > /tmp/f; echo c > /dev/shm/f; ls /in /home; ! touch /x 2> /dev/null; id -u`;
    const words = ['--read-only', '--tmpfs', '/tmp', ...flags, ...bash(script)];
    const {status, stdout, stderr} = await run(words, {as: person});
    expect([status, stderr]).toEqual([0, '']);
    expect(lines(stdout).filter(Boolean)).toEqual([
      'a file',
      '/home:',
      '/in:',
      'name',
      'volume',
      '0',
    ]);
    expect(readFileSync(join(work, 'volume/d/f'), 'utf8')).toBe('a\n');
  });

  it('is left out for who may mount, and explain says so', async () => {
    const explain = async (...flags: string[]) => {
      const words = ['explain', 'run', ...flags, '/bin/true'];
      return (await minicontainer(words, {as: person})).stdout;
    };
    expect(await explain()).toMatch(/restrictSelf ruleset=landlock/);
    for (const flags of [['--cap-add', 'SYS_ADMIN'], unconfined]) {
      const text = await explain(...flags);
      expect(text).not.toContain('restrictSelf');
      expect(text).toMatch(/\nleft out\n +Landlock: /);
    }
  });
});

/** One mount more than was asked for, as a mistake of ours would have it. */
function withLeak(plan: Plan, directory: string): Plan {
  const at = plan.operations.findIndex(({stage}) => stage === 'enter');
  const open = plan.operations.find(({op, stage}) => op === 'openTree' && stage === 'prepare');
  const stage = open === undefined ? 'build' : 'prepare';
  const args = {root: undefined, path: directory, recursive: false, device: 0n, to: 'leak'};
  const before = operation(stage, 'openTree', args, 'a mistake');
  const place = {mount: 'leak', root: 'root', target: 'leak', file: false};
  const attach = {...place, create: true, follow: false};
  return {
    ...plan,
    operations: [
      ...(stage === 'prepare' ? [before] : []),
      ...plan.operations.slice(0, at),
      ...(stage === 'build' ? [before] : []),
      operation('build', 'attachMount', attach, 'a mistake'),
      ...plan.operations.slice(at),
    ],
  };
}

/** `minicontainer run WORDS…`, with another plan in nsexec's hands than was decided. */
async function runChanged(person: Person, words: readonly string[], change: (plan: Plan) => Plan) {
  const {state, work} = roomOf(person);
  const nothing = await run(words, {as: person, env: {MINICONTAINER_NSEXEC: '/bin/true'}});
  expect(nothing.status, nothing.stderr).toBe(0);
  const [id = ''] = readdirSync(join(state, 'containers'));
  const plan = decodePlan(readFileSync(join(state, 'containers', id, 'plan')));
  const changed = join(work, `plan-${id}`);
  writeFileSync(changed, encodePlan(change(plan)));
  return launch(nsexecPath(), ['0'], {as: person, stdin: openSync(changed, 'r')}).result;
}
