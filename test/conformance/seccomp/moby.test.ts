import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {
  defaultProfile,
  type Machine,
  type ProfileTarget,
  parseProfile,
} from '@minicontainer/seccomp';
import {capabilityNames, defaultCapabilities, type Seccomp} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';

// Of moby's profile, seccomp/default.json of github.com/moby/profiles at cd3bed8061c7 (June 2026).
// When that changes, this names the differences, and then says the new digests:
//   MINICONTAINER_MOBY_PROFILE=…/default.json vitest run --project conformance moby
const digests: Readonly<Record<Machine, string>> = {
  x86_64: 'f9c8bf433c21ffe93fe3a3ff73ef2008be593b39d6b528f8c29dba8f9c210586',
  aarch64: 'c68e118c0caf2a4e934f98da104fe8cb5ec471e6654db365bf2fb8ff1fe22926',
};
const moby = process.env.MINICONTAINER_MOBY_PROFILE;

const capabilitySets: readonly (readonly string[])[] = [
  [],
  defaultCapabilities,
  [...defaultCapabilities, 'CAP_MKNOD', 'CAP_NET_RAW', 'CAP_AUDIT_WRITE'],
  capabilityNames,
  ...capabilityNames.map((name) => [name]),
];

describe.each(['x86_64', 'aarch64'] as const)('on %s', (machine) => {
  const targets = ['4.7', '4.8', '6.18.2'].flatMap((kernel) =>
    capabilitySets.map((capabilities) => ({capabilities, kernel, architecture: machine})),
  );

  test("the default profile has the rules of moby's, and one more, against high bits", () => {
    const rules = targets.map((target) => rulesOf(defaultProfile(target)));
    const own = `socket ERRNO 97 0 GE 4294967296`;
    for (const lines of rules) expect(lines.filter((line) => line === own)).toHaveLength(1);
    const shared = rules.map((lines) => lines.filter((line) => line !== own));
    if (moby !== undefined) expect(shared).toEqual(mobyRules(targets, readFileSync(moby, 'utf8')));
    expect(createHash('sha256').update(JSON.stringify(shared)).digest('hex')).toBe(
      digests[machine],
    );
  });
});

function mobyRules(targets: readonly ProfileTarget[], profile: string): string[][] {
  return targets.map((target) => rulesOf(parseProfile(profile, target)));
}

/** A line for each name of each rule, in an order of its own. */
function rulesOf({
  defaultAction,
  defaultErrnoRet,
  architectures,
  syscalls = [],
}: Seccomp): string[] {
  const lines = syscalls.flatMap(({names, action, errnoRet = '-', args = []}) => {
    const conditions = args.map(
      ({index, op, value, valueTwo}) => `${index} ${op} ${value}${valueTwo ? ` ${valueTwo}` : ''}`,
    );
    return names.map((name) => [name, action, errnoRet, ...conditions].join(' '));
  });
  return [
    `${defaultAction} ${defaultErrnoRet} ${architectures?.join(' ')}`,
    ...[...new Set(lines)].sort(),
  ].map((line) => line.replaceAll(/SCMP_(ACT|CMP|ARCH)_/g, ''));
}
