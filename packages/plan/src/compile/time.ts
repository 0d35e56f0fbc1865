import type {Spec, TimeOffset} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {cloneFlag, namespaceOf} from './namespace-types.ts';

/**
 * A time namespace of the container's own, by the keeper: it is for children alone, and its offsets are
 * fixed once the first of them lives in it.
 *
 * @see time_namespaces(7)
 */
export function compileTimeNamespace(spec: Spec): Operation[] {
  const own = namespaceOf(spec, 'time');
  if (own === undefined || own.path !== undefined) return [];
  const lines = Object.entries(spec.linux?.timeOffsets ?? {}).flatMap(([clock, offset]) =>
    line(clock, offset),
  );
  return [
    operation('keep', 'unshare', {flags: cloneFlag.time}, 'clocks of its own'),
    ...(lines.length === 0
      ? []
      : [
          operation(
            'keep',
            'writeOwn',
            {file: 'timens_offsets', data: lines.join('')},
            'how far its clocks are ahead, before its first process fixes that',
          ),
        ]),
  ];
}

function line(clock: string, offset: TimeOffset | undefined): string[] {
  if (offset === undefined) return [];
  return [`${clock} ${offset.secs ?? 0} ${offset.nanosecs ?? 0}\n`];
}
