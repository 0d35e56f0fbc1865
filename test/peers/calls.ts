import {type KnownArchitecture, syscallNumbers} from '@minicontainer/seccomp';
import {type Call, type Program, readProgram, run} from '../conformance/seccomp/interpreter.ts';
import {audit} from '../conformance/seccomp/new-calls.ts';
import {remarkable} from '../conformance/seccomp/probes.ts';
import type {Observation} from './observation.ts';

const x32Bit = 0x4000_0000;
const largest = 600;
const none = [0n, 0n, 0n, 0n, 0n, 0n];

// seccomp(2): of several filters the answer that comes first counts; these two let a call through.
const allowing = [0x7ffc_0000, 0x7fff_0000];

interface Kind {
  readonly label: string;
  readonly architecture: number;
  readonly first: number;
  readonly names: ReadonlyMap<number, string>;
}

const kinds: readonly Kind[] = [
  kind('x86_64', audit.x86_64, 0, 'SCMP_ARCH_X86_64'),
  kind('i386', audit.x86, 0, 'SCMP_ARCH_X86'),
  kind('x32', audit.x86_64, x32Bit, 'SCMP_ARCH_X32'),
];

/** The ways in to the kernel's system calls, by the word that a call's name begins with. */
export const callLabels: readonly string[] = kinds.map(({label}) => label);

/** What a process's filters come to. */
interface Verdicts {
  /** Let through, whatever the arguments. */
  readonly always: ReadonlySet<string>;
  /** Of calls whose arguments are looked at: what is let through. */
  readonly sometimes: ReadonlyMap<string, readonly string[]>;
}

// By the filters themselves: judging takes a while, and many ask.
const judged = new WeakMap<readonly string[], Verdicts>();

/** Calls whose answer depends on arguments in one of the observations' filters at least. */
export function dependentCalls(observations: readonly Observation[]): ReadonlySet<string> {
  return new Set(observations.flatMap(({filters}) => [...verdictsOf(filters).sometimes.keys()]));
}

/**
 * The calls that a process's filters let through, exactly: every call of each architecture, and
 * those of `dependent` with every value that a filter could compare with.
 *
 * @returns `x86_64 read`, or with arguments `x86_64 clone(0x10000000)`
 */
export function allowedCalls(
  {filters}: Observation,
  dependent: ReadonlySet<string>,
): ReadonlySet<string> {
  const {always, sometimes} = verdictsOf(filters);
  return new Set([
    ...[...always].flatMap((name) => (dependent.has(name) ? variants(name).map(label) : [name])),
    ...[...sometimes.values()].flat(),
  ]);
}

/** A call's name without what its arguments were. */
export function withoutArguments(call: string): string {
  return call.replace(/\(.*$/, '');
}

function verdictsOf(filters: readonly string[]): Verdicts {
  const known = judged.get(filters);
  if (known) return known;
  const programs = filters.map((hex) => readProgram(new Uint8Array(Buffer.from(hex, 'hex'))));
  const always = new Set<string>();
  const sometimes = new Map<string, string[]>();
  for (const {name, ...call} of everyCall()) {
    let looked = false;
    const args = new Proxy(none, {
      get: (target, property) => {
        looked = true;
        return Reflect.get(target, property);
      },
    });
    const allowed = isAllowed(programs, {...call, args});
    if (looked) {
      const passing = variants(name).filter(({args}) => isAllowed(programs, {...call, args}));
      sometimes.set(name, passing.map(label));
    } else if (allowed) {
      always.add(name);
    }
  }
  const verdicts = {always, sometimes};
  judged.set(filters, verdicts);
  return verdicts;
}

interface Variant {
  readonly name: string;
  readonly args: readonly bigint[];
}

/** A call with each value that tells, as first argument and as second. */
function variants(name: string): Variant[] {
  return remarkable.flatMap((value) => [
    {name, args: [value, ...none.slice(1)]},
    {name, args: [0n, value, ...none.slice(2)]},
  ]);
}

function label({name, args: [first = 0n, second = 0n]}: Variant): string {
  const words = second === 0n ? [first] : [first, second];
  return `${name}(${words.map((word) => `0x${word.toString(16)}`).join(', ')})`;
}

function isAllowed(programs: readonly Program[], call: Call): boolean {
  // As the kernel compares them: signed, so that ending the process comes first.
  const answers = programs.map((program) => (run(program, call) & 0xffff_0000) | 0);
  return allowing.includes(Math.min(0x7fff_0000, ...answers));
}

/** Names of this kernel's or a later one's; a number that none has is left out. */
function* everyCall(): Generator<{name: string; architecture: number; number: number}> {
  for (const {label, architecture, first, names} of kinds) {
    for (let number = first; number < first + largest; number++) {
      const name = names.get(number);
      if (name !== undefined) yield {name: `${label} ${name}`, architecture, number};
    }
  }
}

function kind(label: string, architecture: number, first: number, table: KnownArchitecture): Kind {
  const names = new Map([...syscallNumbers(table)].map(([name, number]) => [number, name]));
  return {label, architecture, first, names};
}
