import type {Machine} from '../architectures.ts';
import type {Filter} from '../compile/filter.ts';
import {programs} from './programs.ts';
import {sameFilter} from './same-filter.ts';
import {usualFilter} from './usual.ts';

/** The usual filter's program, compiled beforehand: most containers start without compiling one. */
export function readyProgram(filter: Filter, machine: Machine): Uint8Array | undefined {
  if (!sameFilter(filter, usualFilter(machine))) return undefined;
  return new Uint8Array(Buffer.from(programs[machine], 'base64'));
}
