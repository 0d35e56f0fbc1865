import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';
import {bootGuest} from '../guest/boot.ts';
import {installChecks, installProduct} from '../guest/product.ts';
import {makeDisk} from '../machine/disk.ts';
import {makeInitramfs} from '../machine/initramfs.ts';
import {unpackKernel} from '../machine/kernel.ts';
import {withScratch} from '../machine/scratch.ts';
import {baseDisk} from './base.ts';

/** Makes the second guest, or as much of it as has changed, boots it, and lets it run its checks. */
export default async function bootSecondGuest(project: TestProject): Promise<void> {
  // Only root can install a Debian into a directory.
  if (process.getuid?.() !== 0) return;
  const mask = process.umask(0o022);
  try {
    await withScratch(async (scratch) => {
      const kernel = unpackKernel(['overlay', 'virtio_pci', 'virtio_blk']);
      const initramfs = join(scratch, 'initramfs.cpio');
      makeInitramfs(initramfs, kernel.modules, scratch);
      await bootGuest(project, kernel, {
        initramfs,
        disks: [baseDisk(), await productDisk(scratch)],
        memoryMebibytes: 1536,
        kernelWords: ['security=apparmor', 'systemd.show_status=0'],
        scratch,
      });
    });
  } finally {
    process.umask(mask);
  }
}

/** What changes from run to run, so that the disk with the rest need not. */
async function productDisk(scratch: string): Promise<string> {
  const tree = join(scratch, 'product');
  const disk = join(scratch, 'product.img');
  mkdirSync(tree);
  installProduct(tree);
  await installChecks(tree, 'second-guest.ts');
  makeDisk(disk, tree, 64);
  return disk;
}
