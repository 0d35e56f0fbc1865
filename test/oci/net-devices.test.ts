import {readlinkSync} from 'node:fs';
import type {NetDevice} from '@minicontainer/spec';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {describeRoot} from '../e2e/harness/people.ts';
import {type Result, type Running, useRoom} from './harness/room.ts';
import {until} from './harness/until.ts';

/** Of one link: `ip -j addr`. */
interface Link {
  readonly ifname: string;
  readonly mtu: number;
  readonly address: string;
  readonly flags: readonly string[];
  readonly addr_info: readonly Record<string, unknown>[];
}

const hardware = '02:00:00:00:00:07';

/**
 * A network namespace of the test's own stands for the host's, with a pair of devices; a container's is
 * looked into by the host's ip(8).
 */
describeRoot('network devices', () => {
  const at = useRoom();
  let host: Running;

  beforeEach(async () => {
    const own = readlinkSync('/proc/self/ns/net');
    host = at.room.launch('unshare', ['-n', 'sleep', '1000']);
    host.result.catch(() => {});
    await until(() => readlinkSync(`/proc/${host.pid}/ns/net`) !== own);
    await ip(host.pid, 'link add v0 type veth peer name v1');
    await ip(host.pid, `link set v0 mtu 1400 address ${hardware} up`);
  });
  afterEach(async () => {
    host.child.kill('SIGKILL');
    await host.result;
  });

  function inside(pid: number, words: readonly string[]): Promise<Result> {
    return at.room.launch('nsenter', ['-t', String(pid), '-n', ...words]).result;
  }

  async function ip(pid: number, line: string): Promise<string> {
    const {status, stdout, stderr} = await inside(pid, ['ip', ...line.split(' ')]);
    if (status !== 0) throw new Error(`ip ${line}: ${stderr}`);
    return stdout;
  }

  async function linksOf(pid: number): Promise<Link[]> {
    const links: Link[] = JSON.parse(await ip(pid, '-j addr'));
    return links.filter(({ifname}) => ifname !== 'lo');
  }

  function oci(...words: string[]): Promise<Result> {
    return inside(host.pid, at.room.words(words));
  }

  function write(netDevices: Record<string, NetDevice>, more = {}): void {
    at.room.write('exec sleep 100', {linux: {netDevices}, ...more});
  }

  async function create(): Promise<number> {
    const {status, stderr} = await oci('create', '--bundle', at.room.bundle, at.room.id);
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    return (await at.room.state()).pid;
  }

  const end = () => at.room.must(['delete', '--force', at.room.id]);

  test('move with their MTU, hardware address and addresses of global scope, and are up', async () => {
    for (const address of [
      ...['10.9.8.7/24 brd 10.9.8.255', '10.1.1.1 peer 10.1.1.2', '169.254.1.1/16 scope link'],
      ...['fd00::5/64', 'fd00::6/64 nodad', 'fd00::7/64 valid_lft 1000 preferred_lft 1000'],
    ]) {
      await ip(host.pid, `addr add ${address} dev v0`);
    }
    write({v0: {name: 'uplink'}});
    const pid = await create();
    const [link, ...others] = await linksOf(pid);
    expect(others).toEqual([]);
    expect(link).toMatchObject({ifname: 'uplink', mtu: 1400, address: hardware});
    expect(link?.flags).toContain('UP');
    const global = link?.addr_info.filter(({scope}) => scope !== 'link') ?? [];
    expect(link?.addr_info.map(({local}) => local)).not.toContain('169.254.1.1');
    expect(global).toEqual([
      expect.objectContaining({local: '10.9.8.7', prefixlen: 24, broadcast: '10.9.8.255'}),
      expect.objectContaining({local: '10.1.1.1', address: '10.1.1.2'}),
      ...['fd00::5', 'fd00::6'].map((local) => expect.objectContaining({local, prefixlen: 64})),
    ]);
    expect(global[3]).toHaveProperty('nodad');
    expect((await linksOf(host.pid)).map(({ifname}) => ifname)).toEqual(['v1']);
    await end();
  });

  test('are there before any hook runs, and carry what is sent', async () => {
    await ip(host.pid, 'addr add 10.9.8.7/24 dev v0');
    await ip(host.pid, 'addr add 10.9.8.1/24 dev v1');
    await ip(host.pid, 'link set v1 up');
    const seen = `${at.room.path}/seen`;
    const hook = {path: '/bin/sh', args: ['sh', '-c', `ip -o link > ${seen}`]};
    write({v0: {}}, {hooks: {prestart: [hook]}});
    const pid = await create();
    const {stdout} = await at.room.launch('cat', [seen]).result;
    expect(stdout).toContain('v1');
    expect(stdout).not.toContain(hardware);
    const {status} = await inside(pid, ['busybox', 'ping', '-c', '1', '-w', '5', '10.9.8.1']);
    expect(status).toBe(0);
    await end();
  });

  test('get the first number that is free, where the name leaves it open', async () => {
    await ip(host.pid, 'link add v2 type veth peer name v3');
    write({v0: {name: 'in%d'}, v2: {name: 'in%d'}});
    const pid = await create();
    expect((await linksOf(pid)).map(({ifname}) => ifname).sort()).toEqual(['in0', 'in1']);
    await end();
  });

  test('may have the name that they have, or another’s on the host', async () => {
    write({v0: {name: 'v1'}});
    const pid = await create();
    expect(await linksOf(pid)).toEqual([
      expect.objectContaining({ifname: 'v1', address: hardware}),
    ]);
    await end();
  });

  test('stay in a namespace that was joined, when the container is deleted', async () => {
    const other = at.room.launch('unshare', ['-n', 'sleep', '1000']);
    other.result.catch(() => {});
    const own = readlinkSync('/proc/self/ns/net');
    await until(() => readlinkSync(`/proc/${other.pid}/ns/net`) !== own);
    const namespaces = [
      ...['pid', 'mount', 'ipc', 'uts'].map((type) => ({type})),
      {type: 'network', path: `/proc/${other.pid}/ns/net`},
    ];
    at.room.write('exec sleep 100', {linux: {netDevices: {v0: {}}, namespaces}});
    await create();
    await end();
    expect((await linksOf(other.pid)).map(({ifname}) => ifname)).toEqual(['v0']);
    other.child.kill('SIGKILL');
    await other.result;
  });

  test.each<[string, Record<string, NetDevice>, string]>([
    ['is not there', {v9: {}}, 'there is no network device v9: ENODEV'],
    ['cannot leave its namespace', {lo: {name: 'lo9'}}, 'lo: EINVAL'],
    ['would replace another', {v0: {name: 'lo'}}, 'has a device lo already: EEXIST'],
    ['has no name', {v0: {name: 'a b'}}, 'v0'],
    ['would be numbered twice', {v0: {name: '%d%d'}}, '%d%d is no name of a network device'],
  ])('one that %s is refused, and stays where it is', async (_, netDevices, message) => {
    write(netDevices);
    const {status, stderr} = await oci('create', '--bundle', at.room.bundle, at.room.id);
    expect(stderr).toContain(message);
    expect(status).toBe(1);
    const found = (await linksOf(host.pid)).map(({ifname}) => ifname).sort();
    expect(found).toEqual(['v0', 'v1']);
  });

  test('are refused to a container that shares the network they are in', async () => {
    const namespaces = ['pid', 'mount'].map((type) => ({type}));
    at.room.write('true', {hostname: undefined, linux: {netDevices: {v0: {}}, namespaces}});
    const {status, stderr} = await oci('create', '--bundle', at.room.bundle, at.room.id);
    expect(stderr).toContain('/linux/netDevices cannot move: /linux/namespaces has no "network"');
    expect(status).toBe(1);
  });
});
