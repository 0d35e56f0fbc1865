import {existsSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {removeCgroupsNamed} from './cgroups.ts';

const name = /^minicontainer-validation-(\d+)-/;

/** Removes what runs have left that were killed. */
export function removeAbandoned(): void {
  const isAbandoned = (entry: string) => {
    const [, pid] = name.exec(entry) ?? [];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  };
  removeCgroupsNamed(isAbandoned);
  for (const entry of readdirSync(tmpdir()).filter(isAbandoned)) {
    rmSync(join(tmpdir(), entry), {recursive: true, force: true});
  }
}
