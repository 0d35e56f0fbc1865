import {MinicontainerError} from '@minicontainer/errors';
import {operation} from '@minicontainer/plan';
import type {CgroupWrite} from '../resources/write.ts';
import type {CgroupRequest} from './request.ts';

/** The writes that a hierarchy with these controllers can take. */
export function possibleWrites(
  {writes, wishes}: CgroupRequest,
  has: (controller: string) => boolean,
  fix: (controller: string) => string,
): readonly CgroupWrite[] {
  return writes.filter(({controller, asked}) => {
    if (has(controller)) return true;
    if (wishes.has(asked)) return false;
    throw new MinicontainerError(
      'ECGROUP',
      `${asked} needs the cgroup controller ${controller}, which is not there`,
      {hint: fix(controller)},
    );
  });
}

/** A file that is not there (ENOENT) is passed over, or another takes its place, as the write says. */
export function writeOperations(
  cgroup: string,
  {file, value, asked, ifMissing}: CgroupWrite,
  stage: 'prepare' | 'attach' = 'prepare',
) {
  const write = (name: string, data: string, fallback: {optional?: ['ENOENT']; else?: number}) =>
    operation(
      stage,
      'writeCgroup',
      {cgroup, file: name, data},
      `the spec asks for it: ${asked}`,
      fallback,
    );
  if (ifMissing === undefined) return [write(file, value, {})];
  if (ifMissing === 'ignore') return [write(file, value, {optional: ['ENOENT']})];
  return [
    write(file, value, {optional: ['ENOENT'], else: 1}),
    write(ifMissing.file, ifMissing.value, {}),
  ];
}
