import {existsSync} from 'node:fs';
import {it} from 'vitest';
import {describeEach, describeRoot, someone} from '../e2e/harness/people.ts';
import {bash} from '../e2e/harness/words.ts';
import {expectGuarded} from './harness/attack.ts';
import {altering, dropping, hides} from './harness/plan-mutants.ts';

/** Opens for writing, and writes nothing. */
const opens = (path: string) => bash(`(: >> ${path}) 2> /dev/null && echo opened; true`);
const readOnly = 1n;
const privileged = {without: 'anything, by --privileged', flags: ['--privileged']};
const without = (path: string) => ({
  without: 'readOnlyPath',
  plan: dropping('readOnlyPath', hides(path)),
});

describeEach('what a container may not write', (person) => {
  it('is /proc/sys, even what CAP_NET_ADMIN owns there', async () => {
    await expectGuarded(
      person,
      () => ({
        words: ['--cap-add', 'NET_ADMIN', ...opens('/proc/sys/net/ipv4/ip_forward')],
        gain: ({stdout}) => stdout,
      }),
      [without('/proc/sys'), privileged],
    );
  });
});

// In a user namespace they are closed to container root by their owner as well.
describeRoot('what a container may not write with the host’s ids', () => {
  const paths = [
    '/proc/sys/vm/swappiness',
    '/proc/sysrq-trigger',
    '/proc/irq/default_smp_affinity',
  ];

  it.each(paths.filter(existsSync))('is %s', async (path) => {
    const [, top, next] = path.split('/');
    await expectGuarded(
      someone,
      () => ({words: ['--userns', 'host', ...opens(path)], gain: ({stdout}) => stdout}),
      [without(`/${top}/${next}`), privileged],
    );
  });

  it('is /sys', async () => {
    const path = '/sys/kernel/mm/transparent_hugepage/enabled';
    const writable = altering(
      'createMount',
      ({attributes}) => ({attributes: attributes & ~readOnly}),
      ({type}) => type === 'sysfs',
    );
    await expectGuarded(
      someone,
      () => ({words: ['--userns', 'host', ...opens(path)], gain: ({stdout}) => stdout}),
      [{without: 'a read-only mount', plan: writable}, privileged],
    );
  });

  it('is its cgroup (CVE-2023-25809)', async () => {
    const script = `for procs in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do
  (: >> $procs) 2> /dev/null && echo "$procs opened"
done; true`;
    const writable = altering(
      'createMount',
      ({attributes}) => ({attributes: attributes & ~readOnly}),
      ({type}) => type.startsWith('cgroup'),
    );
    await expectGuarded(
      someone,
      () => ({words: ['--userns', 'host', ...bash(script)], gain: ({stdout}) => stdout}),
      [{without: 'a read-only mount', plan: writable}],
    );
  });
});
