import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** A machine that boots, runs its init and powers itself off. */
export interface Machine {
  readonly kernel: string;
  readonly initramfs: string;
  /** A raw image; what the machine writes to it is kept in it. */
  readonly disk: string;
  readonly memoryMebibytes: number;
  /** Words for the kernel's command line, after ours. */
  readonly kernelWords: readonly string[];
}

/** Emulated, since the virtual machines of a CI cannot have ones of their own. */
const emulation = [
  ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2'],
  ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
];

/**
 * Runs a machine until it is off; each line of its serial console goes to `onLine` as it comes.
 *
 * @returns what QEMU itself complained about, or that the time was over; undefined: it powered itself off
 */
export function runMachine(
  machine: Machine,
  onLine: (line: string) => void,
  timeoutMs: number,
): Promise<string | undefined> {
  const child = spawn('qemu-system-x86_64', [...emulation, ...argumentsOf(machine)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  createInterface({input: child.stdout}).on('line', (line) => onLine(line.trimEnd()));
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (late) resolve(`not off after ${timeoutMs / 1000} s`);
      else resolve(code === 0 ? undefined : `QEMU ended with ${code}: ${complaint}`);
    });
  });
}

function argumentsOf({kernel, initramfs, disk, memoryMebibytes, kernelWords}: Machine): string[] {
  const words = ['console=ttyS0', 'quiet', 'panic=-1', 'cgroup_no_v1=all', ...kernelWords];
  return [
    ...['-m', String(memoryMebibytes)],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', words.join(' ')],
    ...['-drive', `file=${disk},if=none,id=disk,format=raw,cache=unsafe`],
    ...['-device', 'virtio-blk-pci,drive=disk'],
  ];
}
