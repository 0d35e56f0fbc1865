import {describe, expect, it} from 'vitest';
import {RunCommand} from '../commands/run.ts';
import {parseCommand} from '../program/parse.ts';
import {UsageError} from '../program/usage.ts';

const caller = {
  env: {HERE: 'here'},
  cwd: () => '/home/me',
  terminal: false,
  readFile: () => Buffer.alloc(0),
};

function options(...argv: string[]) {
  const command = parseCommand(RunCommand, argv);
  if (command === undefined) throw new Error('it asks for help');
  return command.options(caller);
}

function atTerminal(...argv: string[]) {
  return parseCommand(RunCommand, argv)?.options({...caller, terminal: true});
}

describe('what run asks of the engine', () => {
  it('is the host view for a command that begins with /, and nothing else unasked', () => {
    expect(options('/bin/sh', '-c', 'x')).toEqual({
      source: {kind: 'host'},
      command: ['/bin/sh', '-c', 'x'],
    });
  });

  it.each([
    ['/r', {kind: 'rootfs', path: '/r', overlay: false}],
    ['r', {kind: 'rootfs', path: '/home/me/r', overlay: false}],
    ['./r/', {kind: 'rootfs', path: '/home/me/r', overlay: false}],
    ['/r:O', {kind: 'rootfs', path: '/r', overlay: true}],
    ['/r:x', {kind: 'rootfs', path: '/r:x', overlay: false}],
  ])('--rootfs %s is that directory, and every word is the command', (text, source) => {
    expect(options('--rootfs', text, 'sh', '-l')).toEqual({source, command: ['sh', '-l']});
  });

  it('--entrypoint stands before the words', () => {
    expect(options('--entrypoint', '/bin/echo', '/a', 'b').command).toEqual([
      '/bin/echo',
      '/a',
      'b',
    ]);
    expect(options('--entrypoint=/bin/true').command).toEqual(['/bin/true']);
    expect(options('--entrypoint=', '/bin/true').command).toEqual(['/bin/true']);
  });

  it.each([
    [['debian', 'sh', '-l'], {source: {kind: 'image', name: 'debian'}, command: ['sh', '-l']}],
    [['--image', 'debian', '/x'], {source: {kind: 'image', name: 'debian'}, command: ['/x']}],
    [
      ['--entrypoint', 'sh', '--platform', 'linux/arm64', 'debian', '-l'],
      {
        source: {kind: 'image', name: 'debian', platform: 'linux/arm64'},
        command: ['-l'],
        entrypoint: ['sh'],
      },
    ],
    [
      ['--entrypoint=', 'debian'],
      {source: {kind: 'image', name: 'debian'}, command: [], entrypoint: []},
    ],
  ])('%j runs an image', (words, expected) => {
    expect(options(...words)).toEqual(expected);
  });

  it('a terminal on stdin and stdout makes one inside, unless it is forbidden', () => {
    expect(atTerminal('/bin/sh')).toMatchObject({terminal: true});
    expect(atTerminal('-t=false', '/bin/sh')).not.toHaveProperty('terminal');
    expect(options('/bin/sh')).not.toHaveProperty('terminal');
    expect(options('-it', '/bin/sh')).toMatchObject({terminal: true});
  });

  it('carries every flag over', () => {
    const flags = `-e A=b -e HERE -w /w -u 1:2 -h box --rm --init --read-only -v /a:/b --tmpfs /t
      --mount type=bind,src=/c,dst=/d --network host --userns host --cap-add NET_ADMIN,SYS_TIME
      --cap-drop CHOWN --privileged=false`;
    expect(options(...flags.split(/\s+/), '/bin/sh')).toEqual({
      source: {kind: 'host'},
      command: ['/bin/sh'],
      env: {A: 'b', HERE: 'here'},
      workdir: '/w',
      user: '1:2',
      hostname: 'box',
      init: true,
      readOnly: true,
      mounts: [
        {kind: 'bind', source: '/a', target: '/b', createSource: true},
        {kind: 'bind', source: '/c', target: '/d'},
        {kind: 'tmpfs', target: '/t'},
      ],
      network: 'host',
      userns: 'host',
      capAdd: ['NET_ADMIN', 'SYS_TIME'],
      capDrop: ['CHOWN'],
    });
    expect(options('--privileged', '/bin/sh')).toMatchObject({privileged: true});
    expect(options('--privileged', '--userns=host', '/bin/sh')).toMatchObject({userns: 'host'});
    expect(options('--privileged', '--userns=auto', '/bin/sh')).toMatchObject({userns: 'auto'});
    expect(options('--net', 'none', '--network=none', '/bin/sh')).toMatchObject({network: 'none'});
  });

  it('asks for the current directory only when a path is relative', () => {
    const lost = {...caller, cwd: () => expect.unreachable('nobody asked')};
    const argv = ['-v', '/a:/b', '--rootfs', '/r', 'sh'];
    expect(parseCommand(RunCommand, argv)?.options(lost)).toBeDefined();
  });
});

describe('what run refuses', () => {
  it.each([
    [[], /no command to run/, /minicontainer run \/bin\/sh/],
    [['--rootfs', '/r'], /no command to run/, /run --rootfs \/r \/bin\/sh/],
    [['--rootfs', '', 'sh'], /--rootfs names no directory/, /--rootfs \.\/debian/],
    [['--rootfs', ':O', 'sh'], /--rootfs names no directory/, /--rootfs/],
    [['--rootfs', '/a', '--rootfs', '/b', 'sh'], /--rootfs is given twice/, /one root/],
    [['--rootfs', '/a', '--rootfs', '/a', 'sh'], /--rootfs is given twice/, /one root/],
    [['./x'], /\.\/x is no image/, /absolute path/],
    [['--image', 'a', '--rootfs', '/b', 'sh'], /exclude each other/, /one root/],
    [[''], /the command is empty/, /\/bin\/sh/],
    [['-w', 'x', '/bin/sh'], /-w x is not an absolute path/, /run --help/],
    [['-w', '', '/bin/sh'], /-w '' is not an absolute path/, /run --help/],
    [['-i=false', '/bin/sh'], /stdin is always attached/, /< \/dev\/null/],
    [['--network', 'bridge', '/bin/sh'], /--network bridge is not known/, /none and host/],
    [['--network', 'none', '--net', 'host', '/bin/sh'], /--network none and --network host/, /./],
    [['--userns', 'private', '/bin/sh'], /--userns private is not known/, /auto, host, keep-id/],
    [['--userns', 'auto', '--userns', 'host', '/bin/sh'], /contradict each other/, /./],
    [['--cap-add', 'CHOWN', '--cap-drop', 'cap_chown', '/bin/sh'], /--cap-add CHOWN and/, /./],
    [['--cap-add', '', '/bin/sh'], /--cap-add names no capability/, /NET_ADMIN/],
    [['--tmpfs', '/a', '-v', '/x:/a/', '/bin/sh'], /two mounts on \/a/, /leave one/],
    [['-v', 'x', '/bin/sh'], /-v x has no directory of this machine/, /-v \/on\/this\/machine/],
    [['-e', '', '/bin/sh'], /-e '' names no variable/, /NAME=VALUE/],
  ])('%j', (argv, message, hint) => {
    let refused: unknown;
    try {
      options(...argv);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({
      code: 'EUSAGE',
      exitCode: 125,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});
