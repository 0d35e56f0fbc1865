import {closeSync, mkdirSync, openSync, readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, describeRoot, someone} from '../harness/people.ts';
import {roomOf} from '../harness/room.ts';
import {run} from '../harness/run.ts';
import {runSpec} from '../harness/spec.ts';
import {makeSystem, plant} from '../harness/system.ts';
import {bash, lines} from '../harness/words.ts';

describeEach('--device', (person) => {
  it('gives a device of the host, under another name too', async () => {
    const script = `stat -c '%F %t:%T' /dev/full /dev/mine; (echo x > /dev/mine) 2>&1`;
    const {stdout} = await run(
      [
        '--device',
        '/dev/full:/dev/deep/er/mine',
        ...bash(script.replaceAll('/dev/mine', '/dev/deep/er/mine')),
      ],
      {
        as: person,
      },
    );
    expect(lines(stdout).slice(0, 2)).toEqual(Array(2).fill('character special file 1:7'));
    expect(stdout).toContain('No space left on device');
  });

  it('gives all of a directory', async () => {
    const devices = readdirSync('/dev/net').map((name) => `/dev/net/${name}`);
    const words = [
      '--device',
      '/dev/net',
      ...bash('for it in /dev/net/*; do [ -c $it ] && echo $it; done'),
    ];
    const {stdout} = await run(words, {as: person});
    expect(lines(stdout).sort()).toEqual(devices.sort());
  });

  it.each([
    ['/dev/no-such-device', 'there is no /dev/no-such-device'],
    ['/etc/passwd', 'is no device'],
    ['/etc', 'is no device'],
  ])('%s is refused in one line', async (device, words) => {
    const {status, stderr} = await run(['--device', device, '/bin/true'], {as: person});
    expect([status, stderr]).toEqual([125, expect.stringContaining(words)]);
  });

  it('is never made through a link of the image (CVE-2026-41579)', async () => {
    const outside = join(roomOf(person).work, 'outside');
    mkdirSync(outside, {mode: 0o777});
    const system = makeSystem(person);
    plant(system, 'devices', '../outside', person);
    const words = ['--rootfs', system, '--device', '/dev/full:/devices/full', 'true'];
    const {status, stderr} = await run(words, {as: person});
    expect([status, stderr]).toEqual([125, expect.stringContaining('ELOOP')]);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('of what a user may not open itself opens nothing', async () => {
    if (person.uid === 0) return;
    const memory = '/dev/mem';
    if (statSync(memory, {throwIfNoEntry: false}) === undefined) return;
    const {stdout} = await run(['--device', memory, ...bash(`head -c1 ${memory} 2>&1`)], {
      as: person,
    });
    expect(stdout).toContain('Permission denied');
  });

  it('of a specification may be a pipe, with owner and mode', async () => {
    const device = {type: 'p', path: '/dev/pipe', fileMode: 0o640} as const;
    const script = 'stat -c "%F %a %u:%g" /dev/pipe; (echo through > /dev/pipe &) ; cat /dev/pipe';
    const {stdout} = await runSpec(person, script, {linux: {devices: [device]}});
    expect(stdout).toBe('fifo 640 0:0\nthrough\n');
  });

  it('of a specification replaces a default one', async () => {
    const device = {type: 'c', path: '/dev/zero', major: 1, minor: 7} as const;
    const {stdout} = await runSpec(person, 'stat -c "%t:%T" /dev/zero', {
      linux: {devices: [device]},
    });
    expect(stdout).toBe('1:7\n');
  });

  it('that a plain user’s host has not is an error', async () => {
    if (person.uid === 0) return;
    const device = {type: 'b', path: '/dev/none', major: 4000, minor: 1} as const;
    await expect(runSpec(person, 'true', {linux: {devices: [device]}})).rejects.toMatchObject({
      code: 'EDEVICE',
    });
  });
});

/** A block device that root may read here: not every machine lets it have its disk. */
const disk = readdirSync('/dev')
  .filter((name) => /^(loop\d|[sv]d[a-z]|zram\d)/.test(name))
  .map((name) => `/dev/${name}`)
  .find(isReadable);

function isReadable(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return statSync(path).isBlockDevice();
  } catch {
    return false;
  }
}

describeRoot('a device that root gives', () => {
  const flags = [[[]], [['--userns', 'host']]];

  it.each(flags)('can be read, a disk too, and without it cannot be (%j)', async (ids) => {
    if (disk === undefined) throw new Error('this machine has no block device that root can read');
    const script = `stat -c '%F %a %u' ${disk}; head -c1 ${disk} > /dev/null && echo readable`;
    const made = `mknod /tmp/x b $(stat -c '0x%t 0x%T' ${disk}) && head -c1 /tmp/x`;
    const {stdout} = await run([...ids, '--device', disk, ...bash(`(${script}; ${made}) 2>&1`)]);
    const mode = (statSync(disk).mode & 0o777).toString(8);
    expect(lines(stdout).slice(0, 2)).toEqual([`block special file ${mode} 0`, 'readable']);
    expect(stdout).toContain('mknod: /tmp/x: Operation not permitted');
    const without = await run([...ids, ...bash(`(${script}) 2>&1`)]);
    expect(without.stdout).toMatch(/No such file[\s\S]*No such file/);
  });

  it.each(flags)('may be given to be read alone, where cgroups filter (%j)', async (ids) => {
    const script = '(echo x > /dev/mine) 2>&1; head -c1 /dev/mine > /dev/null && echo readable';
    const {stdout} = await run([...ids, '--device', `${disk}:/dev/mine:r`, ...bash(script)]);
    expect(stdout).toMatch(/Operation not permitted\nreadable\n/);
  });

  it('belongs to whom the specification says, as the container sees it', async () => {
    const device = {
      type: 'c',
      path: '/dev/mine',
      major: 1,
      minor: 5,
      fileMode: 0o604,
      uid: 7,
      gid: 8,
    } as const;
    for (const hostIds of [true, false]) {
      const script =
        'stat -c "%t:%T %a %u:%g" /dev/mine; dd if=/dev/mine bs=1 count=2 2>/dev/null | wc -c';
      const {stdout} = await runSpec(someone, script, {hostIds, linux: {devices: [device]}});
      expect(stdout).toBe('1:5 604 7:8\n2\n');
    }
  });

  it('is every one of the host with --privileged', async () => {
    const find = ['/usr/bin/find', '/dev', '(', '-type', 'c', '-o', '-type', 'b', ')'];
    const {stdout} = await run(['--privileged', ...find]);
    const inside = new Set(lines(stdout));
    const names = readdirSync('/dev', {withFileTypes: true})
      .filter((entry) => entry.isCharacterDevice() || entry.isBlockDevice())
      .map(({name}) => `/dev/${name}`)
      .filter((path) => !['/dev/console', '/dev/ptmx'].includes(path));
    expect(names.filter((path) => !inside.has(path))).toEqual([]);
  });
});
