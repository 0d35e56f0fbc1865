import type {PidsLimit} from '@minicontainer/spec';
import {limit} from './decimal.ts';
import {asked, type CgroupWrite} from './write.ts';

/** The same file on both versions; no limit is `max` on both. @see pids.rst of cgroup-v1 */
export function pidsWrites({limit: tasks}: PidsLimit): CgroupWrite[] {
  if (tasks === undefined) return [];
  const text = limit(tasks, 'pids.limit', 2);
  // With 0 the container's first process could not be born in it: as runc, 1, with which it cannot fork.
  const value = text === '0' ? '1' : text;
  return [{controller: 'pids', file: 'pids.max', value, asked: asked('pids.limit')}];
}
