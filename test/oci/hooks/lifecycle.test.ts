import {mkdirSync, openSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {runtimePath, useRoom} from '../harness/room.ts';
import {busybox, kinds, makeTold, tellingHook, tellingHooks, told, toldKinds} from './told.ts';

const ofCreate = ['prestart', 'createRuntime', 'createContainer'];
const everybodys = 'mnt host, net host, pid host, ipc host, uts host, user host';
const containers = 'mnt own, net own, pid own, ipc own, uts own, user host';

describeRoot('hooks', () => {
  const at = useRoom();

  /** A container's whole life. @returns the pid that it had */
  async function live(): Promise<number> {
    const {room} = at;
    expect(await room.create()).toMatchObject({status: 0});
    expect(toldKinds(room)).toEqual(ofCreate);
    const {pid} = await room.state();
    expect(await room.oci(['start', room.id])).toMatchObject({status: 0, stderr: ''});
    expect(toldKinds(room)).toEqual([...ofCreate, 'startContainer', 'poststart']);
    await room.must(['kill', room.id, 'KILL']);
    await expect.poll(async () => (await room.state()).status).toBe('stopped');
    expect(toldKinds(room)).toHaveLength(5);
    expect(await room.oci(['delete', room.id])).toMatchObject({status: 0, stderr: ''});
    expect(toldKinds(room)).toEqual(kinds);
    return pid;
  }

  test('run in their order, each in its place, told of the state, with its environment alone', async () => {
    const {room} = at;
    const annotations = {odd: 'a"b\\c\n$(id)'};
    makeTold(room);
    const env = ['PATH=/bin', `ROOM=${room.path}`, 'A=two  words'];
    room.write('exec sleep 100', {hooks: tellingHooks(room, {env}), annotations});
    const pid = await live();
    const state = (status: string, its: number) => ({
      ...{ociVersion: '1.0.2', id: room.id, status, pid: its, bundle: room.bundle, annotations},
    });
    const rootfs = join(room.bundle, 'rootfs');
    const found = told(room).map(({kind, namespaces, cwd, root, stdin}) => [
      ...[kind, namespaces, root, cwd, JSON.parse(stdin)],
    ]);
    expect(found).toEqual([
      ['prestart', everybodys, 'host', room.bundle, state('creating', pid)],
      ['createRuntime', everybodys, 'host', room.bundle, state('creating', pid)],
      ['createContainer', containers, 'host', rootfs, state('creating', 1)],
      ['startContainer', containers, 'container', '/', state('created', 1)],
      ['poststart', everybodys, 'host', room.path, state('running', pid)],
      ['poststop', everybodys, 'host', room.path, state('stopped', 0)],
    ]);
    for (const each of told(room)) expect(each.env, each.kind).toEqual(env);
  });

  test('find what those of runc find', async () => {
    const {room} = at;
    const root = join(room.path, 'runc');
    room.write('exec sleep 100', {hooks: tellingHooks(room)});
    makeTold(room);
    const ours = comparable(await live());
    makeTold(room);
    const runc = (...words: string[]) => room.launch('runc', ['--root', root, ...words]).result;
    expect(await runc('create', '--bundle', room.bundle, room.id)).toMatchObject({status: 0});
    const {pid} = JSON.parse((await runc('state', room.id)).stdout);
    await runc('start', room.id);
    await expect.poll(() => toldKinds(room)).toContain('startContainer');
    expect(await runc('delete', '--force', room.id)).toMatchObject({status: 0});
    expect(comparable(pid)).toEqual(ours);
  });

  /**
   * What depends on the version aside: with Debian's runc poststart hooks run in `create`, and of a container
   * that has ended no pid is told.
   */
  function comparable(pid: number): unknown[] {
    return kinds.map((kind) => {
      const {fds: _, stdin, cwd, ...found} = told(at.room).find((some) => some.kind === kind) ?? {};
      const state = JSON.parse(stdin ?? '{}');
      return {
        ...found,
        ...(!kind.startsWith('post') && {cwd, says: state.status}),
        state: {
          ...state,
          ...{ociVersion: 'its own', status: 'above'},
          pid: state.pid === pid ? 'the first process' : (state.pid ?? 0),
        },
      };
    });
  }

  test('without an environment have the caller’s, and in the container that of its process', async () => {
    const {room} = at;
    makeTold(room);
    const bare = kinds.map((kind) => {
      const {env: _, ...hook} = tellingHook(room, kind);
      return [kind, [hook]];
    });
    room.write('exec sleep 100', {hooks: Object.fromEntries(bare)});
    await live();
    for (const {kind, env} of told(room)) {
      if (kind === 'startContainer') expect(env).toEqual(['PATH=/bin', `ROOM=${room.path}`]);
      else expect(env, kind).toContainEqual(expect.stringMatching(/^PATH=.*\/usr\/sbin/));
    }
  });

  test('have their three streams and no other descriptor, whatever the caller left open', async () => {
    const {room} = at;
    makeTold(room);
    room.write('exec sleep 100', {hooks: tellingHooks(room)});
    const file = openSync('/etc/hostname', 'r');
    const stdio = ['pipe', file, file, file, file] as const;
    for (const words of [
      ['create', '--bundle', room.bundle, '--preserve-fds', '2', room.id],
      ['start', room.id],
      ['delete', '--force', room.id],
    ]) {
      expect(await room.oci(words, {stdio})).toMatchObject({status: 0});
    }
    // 3 is the directory that ls reads, 9 the script's own.
    for (const {kind, fds} of told(room)) expect(fds, kind).toBe('0 1 2 3 9');
  });

  test('in the container have the privileges of its command', async () => {
    const {room} = at;
    makeTold(room);
    const hooks = {startContainer: [tellingHook(room, 'startContainer')]};
    const [path = '', ...args] = [busybox, ...(hooks.startContainer[0]?.args ?? [])];
    room.write('', {
      hooks,
      process: {
        args: [path, ...args.slice(0, 3), 'command', ...args.slice(4)],
        user: {uid: 7, gid: 7},
        noNewPrivileges: true,
        capabilities: {bounding: ['CAP_CHOWN'], permitted: ['CAP_KILL'], effective: ['CAP_KILL']},
      },
      linux: {
        seccomp: {
          defaultAction: 'SCMP_ACT_ALLOW',
          syscalls: [{names: ['syslog'], action: 'SCMP_ACT_ERRNO'}],
        },
      },
    });
    expect(await room.oci(['run', '--bundle', room.bundle, room.id])).toMatchObject({status: 0});
    const [hook, command] = told(room);
    expect(hook?.status).toContainEqual(expect.stringMatching(/Seccomp: 2/));
    expect(hook?.status).toContainEqual(expect.stringMatching(/Uid: 7/));
    expect(hook?.status).toEqual(command?.status);
  });

  test('of one kind run one after the other, in their order', async () => {
    const {room} = at;
    const list = (kind: string) =>
      [1, 2, 3].map((number) => ({
        path: busybox,
        args: ['sh', '-c', `sleep 0.0${4 - number}; echo ${kind}${number} >> ${room.path}/order`],
      }));
    room.write('exec true', {
      hooks: {prestart: list('a'), createContainer: list('b'), poststop: list('c')},
    });
    expect(await room.oci(['run', '--bundle', room.bundle, room.id])).toMatchObject({status: 0});
    const {stdout} = await room.launch('cat', [join(room.path, 'order')]).result;
    expect(stdout.trim().split('\n').join(' ')).toBe('a1 a2 a3 b1 b2 b3 c1 c2 c3');
  });

  test('of create mount into the container, from the host and in its namespace', async () => {
    const {room} = at;
    for (const name of ['from-host', 'from-inside']) {
      mkdirSync(join(room.path, name, 'seen'), {recursive: true});
      mkdirSync(join(room.bundle, 'rootfs', name));
    }
    const bind = (name: string) =>
      `mount --bind ${room.path}/${name} ${room.bundle}/rootfs/${name}`;
    const pid = '$(grep -o \'"pid":[0-9]*\' | cut -d: -f2)';
    const hook = (line: string) => [{path: '/bin/sh', args: ['sh', '-c', line]}];
    room.write('ls /from-host /from-inside', {
      hooks: {
        createRuntime: hook(`nsenter -t ${pid} -m ${bind('from-host')}`),
        createContainer: hook(bind('from-inside')),
      },
    });
    const {status, stdout, stderr} = await room.oci(['run', '--bundle', room.bundle, room.id]);
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout).toBe('/from-host:\nseen\n\n/from-inside:\nseen\n');
  });

  test('that started it may ask the runtime for the state', async () => {
    const {room} = at;
    const ask = (kind: string) => [
      {
        path: '/bin/sh',
        args: ['sh', '-c', `$RUNTIME --root $STATE state ${room.id} > ${room.path}/${kind}`],
      },
    ];
    room.write('exec sleep 100', {
      hooks: {createRuntime: ask('creating'), poststart: ask('running')},
    });
    const env = {RUNTIME: runtimePath(), STATE: room.root};
    expect(await room.create(room.id, {env})).toMatchObject({status: 0});
    expect(await room.oci(['start', room.id], {env})).toMatchObject({status: 0});
    for (const status of ['creating', 'running']) {
      const {stdout} = await room.launch('cat', [join(room.path, status)]).result;
      expect(JSON.parse(stdout)).toMatchObject({status});
    }
    await room.must(['delete', '--force', room.id]);
  });
});
