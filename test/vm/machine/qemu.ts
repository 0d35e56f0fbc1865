import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';

/** A machine that boots, runs its init and powers itself off. */
export interface Machine {
  readonly kernel: string;
  readonly initramfs: string;
  /** Raw images, as they will be for the next machine: what this one writes to them is gone with it. */
  readonly disks: readonly string[];
  readonly memoryMebibytes: number;
  /** Words for the kernel's command line, after ours. */
  readonly kernelWords: readonly string[];
  /** A directory for what it writes to its disks. */
  readonly scratch: string;
}

/** Emulated, since the virtual machines of a CI cannot have ones of their own. */
const emulation = [
  ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2'],
  ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
];

/**
 * Runs a machine until it is off; each line of its serial console goes to `onLine` as it comes. It ends with
 * this process, however that ends.
 *
 * @returns what QEMU itself complained about, or that the time was over; undefined: it powered itself off
 */
export function runMachine(
  machine: Machine,
  onLine: (line: string) => void,
  timeoutMs: number,
): Promise<string | undefined> {
  const command = ['qemu-system-x86_64', ...emulation, ...argumentsOf(machine)];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {...process.env, TMPDIR: machine.scratch},
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

function argumentsOf({kernel, initramfs, disks, memoryMebibytes, kernelWords}: Machine): string[] {
  // What is less urgent than critical would come between the lines that tell of checks.
  const words = ['console=ttyS0', 'loglevel=3', 'panic=-1', 'cgroup_no_v1=all', ...kernelWords];
  return [
    ...['-m', String(memoryMebibytes)],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', words.join(' ')],
    ...disks.flatMap((disk, index) => [
      ...['-drive', `file=${disk},if=none,id=disk${index},format=raw,snapshot=on,cache=unsafe`],
      ...['-device', `virtio-blk-pci,drive=disk${index}`],
    ]),
  ];
}
