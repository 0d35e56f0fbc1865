import {type KnownArchitecture, syscallNumbers} from '@minicontainer/seccomp';
import {beforeAll, describe, expect, test} from 'vitest';
import {build, tableOfLibseccomp} from './reference.ts';

const architectures: readonly KnownArchitecture[] = [
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_ARM',
];

let libseccomp: string;
beforeAll(() => {
  libseccomp = build('reference', '-lseccomp');
});

describe.each(architectures)('%s', (architecture) => {
  test('has every call that libseccomp knows, under the same number', () => {
    const numbers = syscallNumbers(architecture);
    const theirs = [...tableOfLibseccomp(libseccomp, architecture)];
    expect(theirs.length).toBeGreaterThan(300);
    expect(theirs.filter(([number, name]) => numbers.get(name) !== number)).toEqual([]);
  });

  test('has beyond that only calls newer than that libseccomp, and one name twice', () => {
    const theirs = tableOfLibseccomp(libseccomp, architecture);
    const more = [...syscallNumbers(architecture)]
      .filter(([name, number]) => theirs.get(number) !== name)
      .map(([name, number]): [string, number] => [name, number % 0x4000_0000])
      // Newer than Linux 6.6; uprobes came later, into a gap; the two names of arm's are one call.
      .filter(([, number]) => number < 450)
      .map(([name]) => name);
    expect(
      more.filter((name) => !['uretprobe', 'uprobe', 'sync_file_range2'].includes(name)),
    ).toEqual([]);
  });
});
