import {buildSpec, type Spec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import type {HostFacts} from './host.ts';
import {leftOutCapabilities} from './left-out.ts';

const host: HostFacts = {
  uid: 0,
  gid: 0,
  capabilities: 1n << 5n,
  cgroup: {version: 2},
  sources: {},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {},
};

const mapping = {containerID: 0, hostID: 1000, size: 1};

function specWith(bounding: readonly string[], userNamespace = false): Spec {
  const spec = buildSpec({
    args: ['true'],
    rootPath: '/',
    ...(userNamespace && {userNamespace: {uidMappings: [mapping], gidMappings: [mapping]}}),
  });
  const capabilities = {bounding: [...bounding], effective: [...bounding]};
  return {...spec, process: {cwd: '/', args: ['true'], ...spec.process, capabilities}};
}

test('what can be given is not left out', () => {
  expect(leftOutCapabilities(specWith(['CAP_KILL']), host)).toEqual([]);
});

test('what no kernel has and what the caller lacks is told once, by name', () => {
  expect(leftOutCapabilities(specWith(['CAP_KILL', 'CAP_NEWER', 'CAP_SYSLOG']), host)).toEqual([
    'CAP_NEWER: no capability is called so',
    'CAP_SYSLOG: the caller does not have it to give',
  ]);
});

test('in a user namespace every capability is there', () => {
  expect(leftOutCapabilities(specWith(['CAP_SYSLOG'], true), host)).toEqual([]);
});
