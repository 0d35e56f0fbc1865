import type {DeviceRule} from '@minicontainer/spec';
import {everyAccess, isForAll, type ReadRule, readRules} from './access.ts';
import {
  andImmediate,
  exit,
  type Instruction,
  jumpIfEqual,
  jumpIfNotEqual,
  loadWord,
  move,
  moveImmediate,
  shiftRight,
  words,
} from './instructions.ts';

/**
 * An eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE that judges as the rules say.
 *
 * Each of read, write and mknod is decided by the last rule for the device that names it, and what no
 * rule names is denied; an open for more than one is allowed when all of them are. So a rule that only
 * denies writing holds for opens that read and write, too.
 *
 * @returns two little-endian words for each `struct bpf_insn`; the program needs no maps and any license
 * @throws {MinicontainerError} `EDEVICE` for a rule that no device can match
 * @see bpf(2), linux/bpf.h `struct bpf_cgroup_dev_ctx`
 */
export function compileDeviceFilter(rules: readonly DeviceRule[]): readonly number[] {
  const read = readRules(rules);
  // What stands before a rule for everything decides nothing.
  const last = read.findLastIndex(isForAll);
  const deciding = read.slice(last + 1).reverse();
  return words([
    ...loadRequest,
    ...deciding.flatMap(judge),
    ...verdict(read[last]?.allow === true),
  ]);
}

// Registers: 1 is the context, then a scratch; `wanted` holds the accesses that no rule has decided yet.
const context = 1;
const scratch = 1;
const type = 2;
const wanted = 3;
const major = 4;
const minor = 5;
const result = 0;

const typeNumbers = {b: 1, c: 2};

const loadRequest: readonly Instruction[] = [
  loadWord(type, context, 0),
  andImmediate(type, 0xffff),
  loadWord(wanted, context, 0),
  shiftRight(wanted, 16),
  loadWord(major, context, 4),
  loadWord(minor, context, 8),
];

/** Goes on to the rule before this one unless this one decides. */
function judge(rule: ReadRule): Instruction[] {
  const decision = rule.allow ? grant(rule.access) : deny(rule.access);
  const conditions: [number, number | undefined][] = [
    [type, rule.type && typeNumbers[rule.type]],
    [major, rule.major],
    [minor, rule.minor],
  ];
  const block = decision;
  for (const [register, value] of conditions.reverse()) {
    if (value !== undefined) block.unshift(jumpIfNotEqual(register, value, block.length));
  }
  return block;
}

/** Takes what is granted off the list; with nothing left on it the answer is yes. */
function grant(access: number): Instruction[] {
  const yes = verdict(true);
  return [
    andImmediate(wanted, everyAccess & ~access),
    jumpIfNotEqual(wanted, 0, yes.length),
    ...yes,
  ];
}

/** One access that is denied denies the open. */
function deny(access: number): Instruction[] {
  const no = verdict(false);
  return [
    move(scratch, wanted),
    andImmediate(scratch, access),
    jumpIfEqual(scratch, 0, no.length),
    ...no,
  ];
}

function verdict(allow: boolean): Instruction[] {
  return [moveImmediate(result, allow ? 1 : 0), exit];
}
