import type {Linux} from '../config/linux.ts';
import type {Mount} from '../config/mounts.ts';
import type {Process} from '../config/process.ts';
import type {Spec} from '../config/spec.ts';
import {quote} from '../quote.ts';
import {mappingProblems} from './mappings.ts';
import type {Problem} from './problem.ts';
import {resourceProblems} from './resource-rules.ts';
import {seccompProblems} from './seccomp-rules.ts';

/** What is wrong between the fields of a configuration, each of which has the right form. */
export function* ruleProblems(spec: Spec): Generator<Problem> {
  if (!spec.ociVersion.startsWith('1.')) {
    const found = quote(spec.ociVersion);
    yield {place: ['ociVersion'], expected: 'a version of the line 1.x', found};
  }
  yield* nameProblems(spec);
  for (const [index, mount] of (spec.mounts ?? []).entries()) yield* mountProblems(mount, index);
  if (spec.process) yield* processProblems(spec.process);
  if (spec.linux) yield* linuxProblems(spec.linux);
}

/** @see sethostname(2), setdomainname(2): __NEW_UTS_LEN */
function* nameProblems(spec: Spec): Generator<Problem> {
  for (const field of ['hostname', 'domainname'] as const) {
    const bytes = Buffer.byteLength(spec[field] ?? '');
    if (bytes > 64) yield {place: [field], expected: 'at most 64 bytes', found: `${bytes} bytes`};
  }
}

function* mountProblems(mount: Mount, index: number): Generator<Problem> {
  const {uidMappings, gidMappings} = mount;
  if ((uidMappings === undefined) !== (gidMappings === undefined)) {
    const missing = uidMappings === undefined ? 'uidMappings' : 'gidMappings';
    yield {
      place: ['mounts', index, missing],
      expected: 'both or neither of uidMappings and gidMappings',
      found: 'nothing',
    };
  }
  yield* mappingProblems(uidMappings, ['mounts', index, 'uidMappings']);
  yield* mappingProblems(gidMappings, ['mounts', index, 'gidMappings']);
}

function* processProblems({rlimits = []}: Process): Generator<Problem> {
  const types = rlimits.map(({type}) => type);
  yield* repetitions(types, (index) => ['process', 'rlimits', index, 'type']);
  for (const [index, {soft, hard}] of rlimits.entries()) {
    if (soft <= hard) continue;
    const place = ['process', 'rlimits', index, 'soft'];
    yield {place, expected: `at most the hard limit, ${hard}`, found: String(soft)};
  }
}

function* linuxProblems(linux: Linux): Generator<Problem> {
  const types = (linux.namespaces ?? []).map(({type}) => type);
  yield* repetitions(types, (index) => ['linux', 'namespaces', index, 'type']);
  yield* mappingProblems(linux.uidMappings, ['linux', 'uidMappings']);
  yield* mappingProblems(linux.gidMappings, ['linux', 'gidMappings']);
  for (const [index, device] of (linux.devices ?? []).entries()) {
    for (const number of ['major', 'minor'] as const) {
      if (device.type === 'p' || device[number] !== undefined) continue;
      const place = ['linux', 'devices', index, number];
      yield {place, expected: 'a number, as the device is no pipe', found: 'nothing'};
    }
  }
  if (linux.resources) yield* resourceProblems(linux.resources);
  if (linux.seccomp) yield* seccompProblems(linux.seccomp);
}

function* repetitions(
  names: readonly string[],
  placeAt: (index: number) => Problem['place'],
): Generator<Problem> {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) {
      const found = `${quote(name)} again`;
      yield {place: placeAt(index), expected: 'each type at most once', found};
    }
    seen.add(name);
  }
}
