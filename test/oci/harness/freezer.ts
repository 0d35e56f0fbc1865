import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'vitest';

const v1 = '/sys/fs/cgroup/freezer';
const v2 = '/sys/fs/cgroup';

/** Stops all processes of a cgroup, by whatever version the host has, or lets them go on. */
export async function freeze(cgroup: string, frozen: boolean): Promise<void> {
  const isOld = existsSync(v1);
  const [directory, control, shown] = isOld
    ? [v1, 'freezer.state', 'freezer.state']
    : [v2, 'cgroup.freeze', 'cgroup.events'];
  const words = isOld ? ['FROZEN', 'THAWED'] : ['1', '0'];
  writeFileSync(join(directory, cgroup, control), words[frozen ? 0 : 1] ?? '');
  const wanted = isOld ? words[frozen ? 0 : 1] : `frozen ${words[frozen ? 0 : 1]}`;
  await expect
    .poll(() => readFileSync(join(directory, cgroup, shown), 'utf8'))
    .toMatch(wanted ?? '');
}
