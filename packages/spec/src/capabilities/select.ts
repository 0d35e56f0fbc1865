import {MinicontainerError} from '@minicontainer/errors';
import {nearest} from '../nearest.ts';
import {quote} from '../quote.ts';
import {type CapabilityName, capabilityNames, isCapabilityName} from './table.ts';

/**
 * The capabilities that are left of a base set after some are added and some dropped.
 *
 * Names are taken in any case, with or without `CAP_`. `ALL` added is every capability, `ALL`
 * dropped is none of the base; what is named besides then counts as the exception.
 *
 * @returns each name once, lowest bit first
 * @throws {MinicontainerError} `ECAPABILITY` for an unknown name, with the nearest known one as
 *   hint, and for one that is both added and dropped
 */
export function selectCapabilities(
  base: readonly CapabilityName[],
  add: readonly string[] = [],
  drop: readonly string[] = [],
): CapabilityName[] {
  const added = new Set(add.map(parseCapability));
  const dropped = new Set(drop.map(parseCapability));
  for (const name of added) {
    if (dropped.has(name)) {
      throw new MinicontainerError('ECAPABILITY', `${name} is both added and dropped`, {
        hint: `leave out one of --cap-add ${short(name)} and --cap-drop ${short(name)}`,
      });
    }
  }
  const from = new Set(added.has('ALL') ? capabilityNames : dropped.has('ALL') ? [] : base);
  return capabilityNames.filter(
    (name) => (from.has(name) || added.has(name)) && !dropped.has(name),
  );
}

/** @throws {MinicontainerError} `ECAPABILITY` when there is no such capability */
function parseCapability(text: string): CapabilityName | 'ALL' {
  const upper = text.toUpperCase();
  if (upper === 'ALL') return 'ALL';
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (isCapabilityName(name)) return name;
  const guess = nearest(short(name).slice(0, 40), capabilityNames.map(short));
  throw new MinicontainerError('ECAPABILITY', `there is no capability ${quote(text)}`, {
    hint: guess ? `did you mean ${guess}?` : 'capabilities(7) lists them',
  });
}

function short(name: string): string {
  return name.replace(/^CAP_/, '');
}
