import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {build} from 'esbuild';
import type {TestProject} from 'vitest/node';
import {makeDisk} from '../machine/disk.ts';
import {makeInitramfs} from '../machine/initramfs.ts';
import {unpackKernel} from '../machine/kernel.ts';
import {runMachine} from '../machine/qemu.ts';
import {type Outcome, Results} from './results.ts';
import {installProduct, makeSystem} from './system.ts';

declare module 'vitest' {
  interface ProvidedContext {
    firstGuest: {
      readonly kernel: string;
      readonly outcomes: readonly Outcome[];
      /** What is wrong with the run as a whole; empty: nothing. */
      readonly problem: string;
    };
  }
}

const clone = join(import.meta.dirname, '../../..');
const isLong = process.env.MINICONTAINER_TEST_LONG === '1';
const timeoutMs = isLong ? 1_500_000 : 400_000;

/** Makes the first guest, boots it, and lets it run its checks; the tests read what they found. */
export default async function bootFirstGuest({provide}: TestProject): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'minicontainer-vm-'));
  const mask = process.umask(0o022);
  try {
    const kernel = unpackKernel(['overlay', 'virtio_pci', 'virtio_blk']);
    const initramfs = join(scratch, 'initramfs.cpio');
    const disk = join(scratch, 'disk.img');
    makeInitramfs(initramfs, kernel.modules, scratch);
    await makeSystemDisk(disk, join(scratch, 'system'));
    const results = new Results();
    const ending = await runMachine(
      {
        kernel: kernel.image,
        initramfs,
        disk,
        memoryMebibytes: 1024,
        kernelWords: wordsForChecks(),
      },
      (line) => print(results.read(line)),
      timeoutMs,
    );
    provide('firstGuest', {
      kernel: kernel.release,
      outcomes: results.outcomes,
      problem: results.problem(ending),
    });
  } finally {
    process.umask(mask);
    rmSync(scratch, {recursive: true, force: true});
  }
}

async function makeSystemDisk(disk: string, tree: string): Promise<void> {
  mkdirSync(tree);
  makeSystem(tree);
  installProduct(tree, clone);
  await build({
    entryPoints: [join(import.meta.dirname, '../checks/main.ts')],
    outfile: join(tree, 'usr/lib/minicontainer-checks/main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  makeDisk(disk, tree, 512);
}

/** After `--` they are init's, which hands them on (bootparam(7)); a space would part them. */
function wordsForChecks(): string[] {
  const only = process.env.MINICONTAINER_TEST_ONLY;
  return [
    '--',
    ...(isLong ? ['long'] : []),
    ...(only === undefined ? [] : [`only=${only.replaceAll(' ', '.')}`]),
  ];
}

function print(outcome: Outcome | undefined): void {
  if (outcome === undefined) return;
  const {name, seconds, failure} = outcome;
  const verdict = failure === '' ? 'ok' : 'failed';
  process.stdout.write(`   in the guest: ${verdict} (${seconds.toFixed(1)} s) ${name}\n`);
}
