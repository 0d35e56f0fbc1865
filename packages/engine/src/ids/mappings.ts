import {MinicontainerError} from '@minicontainer/errors';
import type {IdMapping} from '@minicontainer/spec';

/** Ids are 32 bits, the last stands for "none". */
const idCount = 0xffff_ffff;
/** Lines that the kernel takes (user_namespaces(7)). */
const lineCount = 340;

export type IdKind = 'user' | 'group';

/**
 * Refuses mappings that the kernel would refuse without saying why.
 *
 * @throws {MinicontainerError} `EIDMAP`
 */
export function checkMappings(kind: IdKind, mappings: readonly IdMapping[]): void {
  if (mappings.length === 0) refuse(`no ${kind} ids are mapped`, 'map one at least: 0:0:1');
  if (mappings.length > lineCount) {
    refuse(
      `${mappings.length} mappings of ${kind} ids, and the kernel takes ${lineCount}`,
      'map fewer, and larger, ranges',
    );
  }
  for (const {containerID, hostID, size} of mappings) {
    const text = `${containerID}:${hostID}:${size}`;
    if (size < 1) refuse(`${text} maps no ${kind} id`, 'the third number is how many: 1 at least');
    if (Math.max(containerID, hostID) + size > idCount) {
      refuse(`${text} maps ${kind} ids that there are not`, `they end with ${idCount - 1}`);
    }
  }
  for (const [side, where] of sides) checkOverlap(kind, mappings, side, where);
}

const sides = [
  ['containerID', 'of the container'],
  ['hostID', 'outside it'],
] as const;

function checkOverlap(
  kind: IdKind,
  mappings: readonly IdMapping[],
  side: 'containerID' | 'hostID',
  where: string,
): void {
  const sorted = mappings.toSorted((a, b) => a[side] - b[side]);
  for (const [index, {size, [side]: start}] of sorted.entries()) {
    const next = sorted[index + 1]?.[side];
    if (next === undefined || start + size <= next) continue;
    refuse(
      `the ${kind} id ${next} ${where} is mapped twice`,
      'ranges must not overlap, on neither side: CONTAINER:HOST:SIZE',
    );
  }
}

/**
 * Mappings that count as the caller counts, as mappings to ids of the host.
 *
 * @param available what the caller has, by its own count
 * @throws {MinicontainerError} `EIDMAP` for an id that is not among them
 */
export function mapThrough(
  kind: IdKind,
  mappings: readonly IdMapping[],
  available: readonly IdMapping[],
): IdMapping[] {
  return mappings.flatMap((mapping) => {
    const found: IdMapping[] = [];
    let {containerID, hostID, size} = mapping;
    while (size > 0) {
      const block = available.find((some) => contains(some, hostID));
      if (block === undefined) refuseMissing(kind, mapping, hostID, available);
      const skipped = hostID - block.containerID;
      const taken = Math.min(size, block.size - skipped);
      found.push({containerID, hostID: block.hostID + skipped, size: taken});
      [containerID, hostID, size] = [containerID + taken, hostID + taken, size - taken];
    }
    return found;
  });
}

function contains({containerID, size}: IdMapping, id: number): boolean {
  return containerID <= id && id < containerID + size;
}

function refuseMissing(
  kind: IdKind,
  {containerID, hostID, size}: IdMapping,
  missing: number,
  available: readonly IdMapping[],
): never {
  const has = available.map((some) => rangeText(some.containerID, some.size)).join(', ');
  refuse(
    `${containerID}:${hostID}:${size}: the ${kind} id ${missing} is not among those you have: ${has}`,
    'of a plain user 0 is its own id, those from 1 on are what /etc/subuid and /etc/subgid give it: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 NAME',
  );
}

function rangeText(start: number, size: number): string {
  return size === 1 ? String(start) : `${start} to ${start + size - 1}`;
}

/**
 * The first `size` ids of a container: these mappings, and for all other ids what is left, in order.
 *
 * @param asked mappings, by the count of `available`
 * @param available first ids and sizes, by that count
 */
export function fillUp(
  asked: readonly IdMapping[],
  available: readonly {readonly start: number; readonly size: number}[],
  size: number,
): IdMapping[] {
  const rest = available.flatMap((range) => without(range, asked, 'hostID'));
  const wanted = without({start: 0, size}, asked, 'containerID');
  const filled: IdMapping[] = [...asked];
  for (let {start, size: open} of wanted) {
    while (open > 0) {
      const next = rest.shift();
      if (next === undefined) return sorted(filled);
      const taken = Math.min(open, next.size);
      filled.push({containerID: start, hostID: next.start, size: taken});
      if (taken < next.size) rest.unshift({start: next.start + taken, size: next.size - taken});
      [start, open] = [start + taken, open - taken];
    }
  }
  return sorted(filled);
}

function sorted(mappings: readonly IdMapping[]): IdMapping[] {
  return mappings.toSorted((a, b) => a.containerID - b.containerID);
}

function without(
  range: {readonly start: number; readonly size: number},
  mappings: readonly IdMapping[],
  side: 'containerID' | 'hostID',
): {start: number; size: number}[] {
  const end = range.start + range.size;
  const left: {start: number; size: number}[] = [];
  let next = range.start;
  for (const {[side]: start, size} of mappings.toSorted((a, b) => a[side] - b[side])) {
    if (start + size <= next || start >= end) continue;
    if (start > next) left.push({start: next, size: start - next});
    next = start + size;
  }
  if (next < end) left.push({start: next, size: end - next});
  return left;
}

function refuse(message: string, hint: string): never {
  throw new MinicontainerError('EIDMAP', message, {hint});
}
