import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';
import {bootGuest} from '../guest/boot.ts';
import {makeImages} from '../guest/image.ts';
import {installChecks, installProduct} from '../guest/product.ts';
import {makeDisk} from '../machine/disk.ts';
import {makeInitramfs} from '../machine/initramfs.ts';
import {unpackKernel} from '../machine/kernel.ts';
import {withScratch} from '../machine/scratch.ts';
import {makeSystem} from './system.ts';

const needed = ['overlay', 'virtio_pci', 'virtio_blk'];
/** What criu asks for sockets, and keeps packets out with. */
const forCheckpoints = [
  ...['unix_diag', 'tcp_diag', 'udp_diag', 'netlink_diag', 'af_packet_diag'],
  ...['nf_tables', 'nf_conntrack_netlink'],
];

/** Makes the first guest, boots it, and lets it run its checks. */
export default async function bootFirstGuest(project: TestProject): Promise<void> {
  const mask = process.umask(0o022);
  try {
    await withScratch(async (scratch) => {
      const kernel = unpackKernel([...needed, ...forCheckpoints]);
      const initramfs = join(scratch, 'initramfs.cpio');
      const disk = join(scratch, 'disk.img');
      makeInitramfs(initramfs, kernel.modules, scratch);
      await makeSystemDisk(disk, join(scratch, 'system'));
      await bootGuest(project, kernel, {
        initramfs,
        disks: [disk],
        memoryMebibytes: 1024,
        kernelWords: [],
        scratch,
      });
    });
  } finally {
    process.umask(mask);
  }
}

async function makeSystemDisk(disk: string, tree: string): Promise<void> {
  mkdirSync(tree);
  makeSystem(tree);
  installProduct(join(tree, 'usr'));
  makeImages(tree, `${tree}-layers`);
  await installChecks(join(tree, 'usr'), 'first-guest.ts');
  makeDisk(disk, tree, 512);
}
