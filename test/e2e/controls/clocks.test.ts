import {readFileSync, readlinkSync} from 'node:fs';
import {expect, it} from 'vitest';
import {describeEach} from '../harness/people.ts';
import {runSpec} from '../harness/spec.ts';

const namespaces = ['pid', 'mount', 'uts', 'ipc', 'network', 'user', 'time'] as const;
const types = namespaces.map((type) => ({type}));

describeEach('a time namespace', (person) => {
  it('has the clocks that the spec says, and its own alone', async () => {
    const timeOffsets = {boottime: {secs: 86_400}, monotonic: {secs: -5, nanosecs: 7}};
    const script =
      'cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime; readlink /proc/self/ns/time';
    const changes = {linux: {namespaces: types, timeOffsets}};
    const {stdout, stderr} = await runSpec(person, script, changes);
    expect(stderr).toBe('');
    const [monotonic, boottime, uptime, namespace] = stdout.trim().split('\n');
    expect(monotonic?.split(/\s+/)).toEqual(['monotonic', '-5', '7']);
    expect(boottime?.split(/\s+/)).toEqual(['boottime', '86400', '0']);
    const here = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
    expect(Number(uptime) - here).toBeGreaterThan(86_300);
    expect(namespace).not.toBe(readlinkSync('/proc/self/ns/time'));
  });

  it('may be had without any offset', async () => {
    const {stdout} = await runSpec(person, 'readlink /proc/self/ns/time', {
      linux: {namespaces: types},
    });
    expect(stdout).toMatch(/^time:\[\d+\]\n$/);
    expect(stdout.trim()).not.toBe(readlinkSync('/proc/self/ns/time'));
  });

  it('whose clock would run before the start of the machine is refused by the kernel', async () => {
    const timeOffsets = {boottime: {secs: -999_999_999}};
    const changes = {linux: {namespaces: types, timeOffsets}};
    const {status, stderr} = await runSpec(person, 'true', changes);
    expect([status, stderr]).toEqual([125, expect.stringContaining('ERANGE')]);
  });
});

describeEach('linux.rootfsPropagation', (person) => {
  it.each([
    ['private', ''],
    ['rprivate', ''],
    ['slave', ''],
    ['shared', 'shared:'],
    ['rshared', 'shared:'],
    ['unbindable', 'unbindable'],
  ] as const)('%s is what the root mount is', async (rootfsPropagation, words) => {
    const script =
      'while read a b c d at options; do [ $at != / ] || echo $options; done < /proc/self/mountinfo';
    const {stdout, status} = await runSpec(person, script, {linux: {rootfsPropagation}});
    expect(status).toBe(0);
    if (words === '') expect(stdout).not.toMatch(/shared|unbindable/);
    else expect(stdout).toContain(words);
  });
});
