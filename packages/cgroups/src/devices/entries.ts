import type {DeviceRule} from '@minicontainer/spec';
import type {CgroupWrite} from '../resources/write.ts';
import {accessLetters, everyAccess, isForAll, type ReadRule, readRules, refuse} from './access.ts';

/**
 * What to write into the devices cgroup of v1, in this order: everything denied first, then the rules.
 *
 * The kernel has a default and exceptions from it, no list of rules: it passes in silence over a rule
 * that would take something out of a wider exception. Such a one is an error here, as in runc, and one
 * that takes back narrower exceptions names each of them.
 *
 * @throws {MinicontainerError} `EDEVICE` for a rule that v1 cannot have, or that no device can match
 * @see devices.rst of cgroup-v1
 */
export function deviceEntries(rules: readonly DeviceRule[]): readonly CgroupWrite[] {
  const writes: CgroupWrite[] = [entry(false, 'a')];
  const exceptions = new Map<string, ReadRule>();
  let allowed = false;
  for (const [index, rule] of readRules(rules).entries()) {
    if (isForAll(rule)) {
      // Nothing to say about a default that has no exceptions.
      if (allowed !== rule.allow || exceptions.size > 0) writes.push(entry(rule.allow, 'a'));
      allowed = rule.allow;
      exceptions.clear();
      continue;
    }
    for (const one of ofOneType(rule)) {
      const lines =
        rule.allow === allowed ? takeBack(one, exceptions, index) : add(one, exceptions);
      writes.push(...lines.map((line) => entry(rule.allow, line)));
    }
  }
  return writes;
}

/** `a` stands for everything in the kernel, whatever stands behind it. */
function ofOneType(rule: ReadRule): ReadRule[] {
  return rule.type === undefined
    ? [
        {...rule, type: 'c'},
        {...rule, type: 'b'},
      ]
    : [rule];
}

function add(rule: ReadRule, exceptions: Map<string, ReadRule>): string[] {
  const known = exceptions.get(device(rule));
  exceptions.set(device(rule), {...rule, access: rule.access | (known?.access ?? 0)});
  return [line(rule)];
}

function takeBack(rule: ReadRule, exceptions: Map<string, ReadRule>, index: number): string[] {
  const lines: string[] = [];
  for (const [name, exception] of exceptions) {
    const access = exception.access & rule.access;
    if (access === 0 || !overlap(rule, exception)) continue;
    if (!covers(rule, exception)) {
      throw refuse(
        index,
        `cgroup v1 cannot take ${line(rule)} out of ${line(exception)}`,
        'name each device that is meant, or use cgroup v2',
      );
    }
    lines.push(line({...exception, access}));
    const left = exception.access & ~rule.access & everyAccess;
    if (left === 0) exceptions.delete(name);
    else exceptions.set(name, {...exception, access: left});
  }
  return lines;
}

function covers(wide: ReadRule, narrow: ReadRule): boolean {
  return (
    (wide.major === undefined || wide.major === narrow.major) &&
    (wide.minor === undefined || wide.minor === narrow.minor)
  );
}

function overlap(one: ReadRule, other: ReadRule): boolean {
  const same = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || a === b;
  return one.type === other.type && same(one.major, other.major) && same(one.minor, other.minor);
}

function device({type, major, minor}: ReadRule): string {
  return `${type} ${major ?? '*'}:${minor ?? '*'}`;
}

function line(rule: ReadRule): string {
  return `${device(rule)} ${accessLetters(rule.access)}`;
}

function entry(allow: boolean, value: string): CgroupWrite {
  return {
    controller: 'devices',
    file: allow ? 'devices.allow' : 'devices.deny',
    value,
    asked: 'linux.resources.devices',
  };
}
