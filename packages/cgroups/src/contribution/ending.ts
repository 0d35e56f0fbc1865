import {type Operation, operation} from '@minicontainer/plan';
import type {CgroupRequest} from './request.ts';

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
