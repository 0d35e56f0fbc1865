import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {MinicontainerError} from '@minicontainer/errors';
import {findProgram} from '../../host-facts.ts';

/**
 * Where criu is.
 *
 * @param named by the caller, instead of one in `PATH`
 * @throws {MinicontainerError} `ECRIU` where there is none
 */
export function findCriu(named: string | undefined): string {
  const found = findProgram(named ?? 'criu') ?? named;
  if (found?.startsWith('/')) return found;
  throw new MinicontainerError(
    'ECRIU',
    'checkpoints are made and restored by criu, which is missing',
    {
      hint: 'install it (apt-get install criu), or name it: minicontainer-oci --criu /path/to/criu',
    },
  );
}

/** With what criu keeps packets out meanwhile: programs of its choice that may not be there, or the kernel. */
export function networkLock(): readonly string[] {
  return findProgram('iptables-restore') === undefined ? ['--network-lock', 'nftables'] : [];
}

/**
 * Runs criu to its end.
 *
 * @param log the file that it writes what went wrong into
 * @throws {MinicontainerError} `ECRIU`, with its last complaint
 */
export function runCriu(argv: readonly string[], log: string): void {
  const [program = '', ...words] = argv;
  const {status, error} = spawnSync(program, words, {stdio: 'ignore'});
  if (error !== undefined) {
    throw new MinicontainerError('ECRIU', `${program} cannot be executed: ${error.message}`, {
      cause: error,
    });
  }
  if (status !== 0) throw criuError(log);
}

/** What criu complained of last. */
export function criuError(log: string): MinicontainerError {
  return new MinicontainerError('ECRIU', `criu failed: ${lastComplaint(log)}`, {
    hint: `${log} has all that it did; \`criu check\` tells what this kernel lacks`,
  });
}

function lastComplaint(log: string): string {
  try {
    const complaints = [...readFileSync(log, 'utf8').matchAll(/Error \([^)]*\): (.*)$/gm)];
    // The very last say only that it gives up.
    const telling = complaints.filter(([, text = '']) => !/^(Dumping|Restoring) FAILED/.test(text));
    return telling.at(-1)?.[1] ?? 'it does not say why';
  } catch {
    return 'it wrote no log';
  }
}
