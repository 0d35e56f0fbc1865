import type {Descriptor, Digest, ImageSettings, StoredImage} from '@minicontainer/image';
import {describe, expect, it} from 'vitest';
import type {RunOptions} from '../options.ts';
import {applySettings} from './settings.ts';

const digest: Digest = `sha256:${'a'.repeat(64)}`;
const descriptor: Descriptor = {mediaType: 'application/json', digest, size: 1};

function image(settings: Partial<ImageSettings>, more: Partial<StoredImage> = {}): StoredImage {
  return {
    ...{id: digest, digest, manifest: descriptor, config: descriptor, layers: [], diffIds: []},
    ...{chains: [], platform: {os: 'linux', architecture: 'amd64'}},
    settings: {Cmd: ['sh'], ...settings},
    namedAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

function apply(
  settings: Partial<ImageSettings>,
  options: Partial<RunOptions> = {},
  more: Partial<StoredImage> = {},
): RunOptions {
  const source = {kind: 'image', name: 'box'} as const;
  return applySettings({source, command: [], ...options}, image(settings, more), 'box');
}

describe('the command', () => {
  it.each([
    ['is Cmd', {Cmd: ['a', 'b']}, {}, ['a', 'b']],
    ['is what is given, instead of Cmd', {Cmd: ['a']}, {command: ['x', 'y']}, ['x', 'y']],
    ['is Entrypoint with Cmd', {Entrypoint: ['e'], Cmd: ['a']}, {}, ['e', 'a']],
    [
      'is Entrypoint with what is given',
      {Entrypoint: ['e', 'f'], Cmd: ['a']},
      {command: ['x']},
      ['e', 'f', 'x'],
    ],
    ['is Entrypoint alone', {Entrypoint: ['e'], Cmd: []}, {}, ['e']],
    ['is --entrypoint without Cmd', {Entrypoint: ['e'], Cmd: ['a']}, {entrypoint: ['x']}, ['x']],
    [
      'is --entrypoint with what is given',
      {Entrypoint: ['e'], Cmd: ['a']},
      {entrypoint: ['x'], command: ['y']},
      ['x', 'y'],
    ],
    [
      'is what is given where --entrypoint is empty',
      {Entrypoint: ['e'], Cmd: ['a']},
      {entrypoint: [], command: ['y']},
      ['y'],
    ],
  ] as const)('%s', (_, settings, options, command) => {
    expect(apply(settings, options).command).toEqual(command);
  });

  it.each([
    ['neither says one', {Cmd: []}, {}],
    [
      '--entrypoint is empty, and nothing is given',
      {Entrypoint: ['e'], Cmd: ['a']},
      {entrypoint: []},
    ],
  ])('must be given where %s', (_, settings, options) => {
    expect(() => apply(settings, options)).toThrow('the image box does not say what to run');
  });
});

describe('the environment', () => {
  it('is the image’s, and what is given wins', () => {
    const Env = ['PATH=/bin', 'A=1', 'B=x=y', 'C=', 'D=line\nbreak'];
    expect(apply({Env}, {env: {A: '2', E: '3'}}).env).toEqual({
      ...{PATH: '/bin', A: '2', B: 'x=y', C: '', D: 'line\nbreak', E: '3'},
    });
  });

  it('has nothing of lines that are no variables', () => {
    expect(apply({Env: ['A', '=x', '']}).env).toEqual({});
  });
});

describe('the user', () => {
  it.each([
    ['is the image’s', 'www:data', {}, 'www:data'],
    ['is the one that is given', 'www', {user: '0'}, '0'],
    ['is nobody’s choice where the image leaves it empty', '', {}, undefined],
    ['stays the caller with keep-id', 'www', {userns: 'keep-id'}, undefined],
    [
      'stays the caller with keep-id as other ids',
      'www',
      {userns: {kind: 'keep-id', uid: 5}},
      undefined,
    ],
    ['is the one that is given with keep-id, too', 'www', {userns: 'keep-id', user: '7'}, '7'],
  ] as const)('%s', (_, User, options, user) => {
    expect(apply({User}, options).user).toBe(user);
  });
});

describe('the working directory', () => {
  it.each([
    ['is the image’s', '/srv', {}, '/srv'],
    ['is the one that is given', '/srv', {workdir: '/tmp'}, '/tmp'],
    ['begins at the root', 'srv/a', {}, '/srv/a'],
    ['cannot lead above it', '/../../etc', {}, '/etc'],
    ['is nobody’s choice where the image leaves it empty', '', {}, undefined],
  ] as const)('%s', (_, WorkingDir, options, workdir) => {
    expect(apply({WorkingDir}, options).workdir).toBe(workdir);
  });
});

describe('volumes', () => {
  const Volumes = ['/data', 'relative', '/../up'];

  it('are places to write where the root is read only', () => {
    const {volumes} = apply({Volumes}, {readOnly: true});
    expect(volumes).toEqual(['/data', '/relative', '/up']);
  });

  it('are nothing else where it can be written', () => {
    expect(apply({Volumes})).not.toHaveProperty('volumes');
  });
});

it('keeps of the image what the OCI says', () => {
  const settings = {
    StopSignal: 'SIGQUIT',
    ExposedPorts: ['80/tcp', '53/udp'],
    Labels: {maintainer: 'me', 'org.opencontainers.image.os': 'other'},
  };
  const created = '2026-02-03T04:05:06Z';
  expect(apply(settings, {}, {created}).annotations).toEqual({
    'org.opencontainers.image.os': 'other',
    'org.opencontainers.image.architecture': 'amd64',
    'org.opencontainers.image.created': created,
    'org.opencontainers.image.stopSignal': 'SIGQUIT',
    'org.opencontainers.image.exposedPorts': '80/tcp,53/udp',
    maintainer: 'me',
  });
});

it('leaves all other options as they are', () => {
  expect(apply({}, {hostname: 'h', init: true})).toMatchObject({hostname: 'h', init: true});
});
