import {release} from 'node:os';
import {compileSeccomp, defaultProfile, type Machine, syscallNumbers} from '@minicontainer/seccomp';
import {capabilityNames, defaultCapabilities, type Seccomp} from '@minicontainer/spec';
import {beforeAll, describe, expect, test} from 'vitest';
import {type Call, readProgram, run} from './interpreter.ts';
import {audit, ENOSYS, hiddenCalls} from './new-calls.ts';
import {architectures, callsWith, numbers, remarkable} from './probes.ts';
import {build, compileByLibseccomp} from './reference.ts';

const docker = [...defaultCapabilities, 'CAP_MKNOD', 'CAP_NET_RAW', 'CAP_AUDIT_WRITE'];
const capabilitySets = [
  {what: 'no capability', capabilities: []},
  {what: "Podman's eleven", capabilities: defaultCapabilities},
  {what: "Docker's fourteen", capabilities: docker},
  {what: 'all capabilities', capabilities: capabilityNames},
  ...capabilityNames.map((name) => ({what: `${name} alone`, capabilities: [name]})),
];

let libseccomp: string;
beforeAll(() => {
  libseccomp = build('reference', '-lseccomp');
});

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  test.each(capabilitySets)(
    'the default filter with $what decides as libseccomp',
    ({capabilities}) => {
      const filter = defaultProfile({capabilities, kernel: release(), architecture: machine});
      const {judged, differences} = compare(filter, machine);
      expect(differences).toEqual([]);
      expect(judged).toBeGreaterThan(20_000);
    },
  );
});

/** Both programs over all numbers and, where arguments decide, over all that is remarkable in them. */
function compare(filter: Seccomp, machine: Machine) {
  const native = machine === 'x86_64' ? 'SCMP_ARCH_X86_64' : 'SCMP_ARCH_AARCH64';
  const reference = compileByLibseccomp(libseccomp, filter, native);
  // What this libseccomp is too old to know stays out of ours too, so that the rest can be compared.
  const known: Seccomp = {
    ...filter,
    syscalls: (filter.syscalls ?? [])
      .map((rule) => ({...rule, names: rule.names.filter((it) => !reference.unknown.includes(it))}))
      .filter(({names}) => names.length > 0),
  };
  const ours = readProgram(compileSeccomp(known, {architecture: machine}).program);
  const theirs = readProgram(reference.bytes);
  const hidden = hiddenCalls(known, machine);
  const byArguments = new Set(
    ['socket', 'socketcall', 'personality', 'clone'].flatMap((name) =>
      [native, 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_ARM'].map((architecture) =>
        syscallNumbers(architecture as 'SCMP_ARCH_X86').get(name),
      ),
    ),
  );
  const differences: string[] = [];
  let judged = 0;
  for (const call of calls(byArguments)) {
    judged += 1;
    const expected = hidden(call) ? ENOSYS : run(theirs, call);
    const found = run(ours, call);
    if (found !== expected) differences.push(describeDifference(call, expected, found));
  }
  return {judged, differences: differences.slice(0, 20)};
}

function* calls(byArguments: ReadonlySet<number | undefined>): Generator<Call> {
  for (const architecture of architectures) {
    const ordinary = Object.values(audit).includes(architecture);
    for (const number of numbers) {
      const values = byArguments.has(number) && ordinary ? remarkable : [0n, 0xffff_ffff_ffff_ffffn];
      yield* callsWith(architecture, number, values);
    }
  }
}

function describeDifference({architecture, number, args}: Call, expected: number, found: number) {
  const [hex, ...rest] = [architecture, number, expected, found].map((it) => it.toString(16));
  return `${hex}: call ${rest[0]}(${args.map((it) => it.toString(16))}): ${rest[1]}, ours ${rest[2]}`;
}
