import {chownSync, mkdirSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import type {HostFacts} from '@minicontainer/plan';
import {unpackLayer} from '@minicontainer/rootfs';
import {capabilityMask, type UserNamespace} from '@minicontainer/spec';
import {expect, it} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {layerArchive} from '../vm/guest/image.ts';
import {writeFiles} from '../vm/guest/small-system.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: (1n << 41n) - 1n,
  cgroup: {version: 0},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};
const ids = [{containerID: 0, hostID: 300_000, size: 65_536}];
const shifted: UserNamespace = {uidMappings: ids, gidMappings: ids};
const files = capabilityMask([
  ...(['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH', 'CAP_FOWNER'] as const),
  ...(['CAP_FSETID', 'CAP_MKNOD', 'CAP_SETFCAP', 'CAP_SYS_CHROOT'] as const),
]);

describeRoot('who writes the files of a layer', () => {
  it.each([
    ['as the host’s root', undefined, 0],
    ['as root of a user namespace', shifted, 300_000],
  ])('%s can do nothing but write files', async (_, userNamespace, owner) => {
    const {work} = roomOf(someone);
    const [source, target] = [join(work, 'source'), join(work, 'target')];
    writeFiles(source, {file: 'x'.repeat(2 << 20)});
    mkdirSync(target);
    chownSync(target, owner, owner);
    const archive = layerArchive(source, 'file');
    let seen: Record<string, string> = {};
    await unpackLayer({
      source: (async function* () {
        // More than pipes hold: it writes by then.
        yield archive.subarray(0, 1 << 20);
        seen = await statusWithin(target);
        yield archive.subarray(1 << 20);
      })(),
      target,
      workDirectory: work,
      owner: {host, ...(userNamespace && {userNamespace})},
      lowers: async () => [],
    });
    const mask = files.toString(16).padStart(16, '0');
    expect(seen).toMatchObject({
      ...{CapEff: mask, CapPrm: mask, CapBnd: mask},
      ...{CapInh: '0'.repeat(16), CapAmb: '0'.repeat(16), NoNewPrivs: '1'},
    });
    expect(seen.net).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(seen.mnt).not.toBe(readlinkSync('/proc/self/ns/mnt'));
    expect(readFileSync(join(target, 'file'))).toHaveLength(2 << 20);
  });
});

/** Of the process whose root is a directory, once there is one. */
async function statusWithin(root: string): Promise<Record<string, string>> {
  return await expect
    .poll(() => findStatus(root))
    .toBeDefined()
    .then(() => findStatus(root) ?? {});
}

function findStatus(root: string): Record<string, string> | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/root`) !== root) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const [net, mnt] = ['net', 'mnt'].map((name) => readlinkSync(`/proc/${pid}/ns/${name}`));
      const fields = [...status.matchAll(/^(\w+):\t(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]);
      return {...Object.fromEntries(fields), net, mnt};
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}
