import {MinicontainerError} from '@minicontainer/errors';
import {type CgroupContribution, type Operation, operation} from '@minicontainer/plan';
import type {Placement} from '../placement/place.ts';
import type {CgroupWrite} from '../resources/write.ts';
import {contributeHierarchies} from './hierarchies.ts';
import {contributeUnified} from './unified.ts';

/** What a container's cgroup is to do. */
export interface CgroupRequest {
  /** In the order in which they are to be written. */
  readonly writes: readonly CgroupWrite[];
  /** Those of the writes, by what asked for them, that are left out where they cannot be had. */
  readonly wishes: ReadonlySet<string>;
  /** The limit of memory, for who is told that it was reached. */
  readonly memoryBytes?: number;
  /** v2: the program that decides about devices; absent where the caller may load none. */
  readonly deviceFilter?: readonly number[];
}

/**
 * The operations that make, limit, enter and remove a container's cgroup; undefined where it gets none.
 *
 * @throws {MinicontainerError} `ECGROUP` for a limit that was asked for and cannot be had here
 */
export function contributeCgroup(
  placement: Placement,
  request: CgroupRequest,
): CgroupContribution | undefined {
  if (placement.kind === 'none') {
    const asked = request.writes.find((write) => !request.wishes.has(write.asked));
    if (asked === undefined) return undefined;
    throw new MinicontainerError(
      'ECGROUP',
      `${asked.asked} needs the cgroup controller ${asked.controller}: ${placement.reason}`,
      {hint: placement.fix},
    );
  }
  return placement.kind === 'v1'
    ? contributeHierarchies(placement, request)
    : contributeUnified(placement, request);
}

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
export function writeOperations(cgroup: string, {file, value, asked, ifMissing}: CgroupWrite) {
  const write = (name: string, data: string, fallback: {optional?: ['ENOENT']; else?: number}) =>
    operation(
      'prepare',
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

/** What comes after the container: how memory went, then nothing is left. */
export function endingOperations(
  directories: readonly string[],
  memoryEvents: string | undefined,
  {memoryBytes}: CgroupRequest,
): readonly Operation[] {
  return [
    ...(memoryEvents === undefined
      ? []
      : [
          operation(
            'ending',
            'reportOutOfMemory',
            {path: memoryEvents},
            memoryBytes === undefined
              ? 'no limit of its own'
              : `a limit of ${inWords(memoryBytes)}`,
          ),
        ]),
    ...directories.map((path) =>
      operation('ending', 'removeCgroup', {path}, 'nothing is left of a container that has ended'),
    ),
  ];
}

/** Whole units where there are any: 33554432 is 32 MiB. */
function inWords(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let [count, unit] = [bytes, 'bytes'];
  for (const next of units) {
    if (count % 1024 !== 0) break;
    [count, unit] = [count / 1024, next];
  }
  return `${count} ${unit}`;
}
