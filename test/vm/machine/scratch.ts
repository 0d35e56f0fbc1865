import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** Begins the name of each scratch directory; whose it is follows: `minicontainer-vm-4711-a1b2c3`. */
const prefix = 'minicontainer-vm-';

/**
 * Calls with a directory for files that are gone afterwards: also when the process is told to exit, and
 * when it was killed, by the next one.
 */
export async function withScratch(use: (directory: string) => Promise<void>): Promise<void> {
  removeAbandoned();
  const directory = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const remove = () => rmSync(directory, {recursive: true, force: true});
  process.once('exit', remove);
  try {
    await use(directory);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^minicontainer-vm-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) {
      rmSync(join(tmpdir(), name), {recursive: true, force: true});
    }
  }
}
