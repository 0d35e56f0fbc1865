import type {NetworkClass} from '@minicontainer/spec';
import {quote} from '@minicontainer/spec';
import {decimal} from './decimal.ts';
import {inexpressible, refuse} from './refuse.ts';
import {asked, type CgroupVersion, type CgroupWrite} from './write.ts';

/** Only v1 has them. @see net_cls.rst and net_prio.rst of cgroup-v1 */
export function networkWrites(
  {classID, priorities = []}: NetworkClass,
  version: CgroupVersion,
): CgroupWrite[] {
  const writes: CgroupWrite[] = [];
  if (classID) {
    const value = decimal(classID, 'network.classID');
    const place = asked('network.classID');
    writes.push({controller: 'net_cls', file: 'net_cls.classid', value, asked: place});
  }
  for (const {name, priority} of priorities) {
    if (/\s/.test(name)) throw refuse('network.priorities', `${quote(name)} is no interface`);
    writes.push({
      controller: 'net_prio',
      file: 'net_prio.ifpriomap',
      value: `${name} ${decimal(priority, 'network.priorities')}`,
      asked: asked('network.priorities'),
    });
  }
  const [first] = writes;
  if (version === 1 || first === undefined) return writes;
  const field = first.controller === 'net_cls' ? 'network.classID' : 'network.priorities';
  throw inexpressible(field, first.controller, 2, 'match the cgroup itself, with nft or tc');
}
