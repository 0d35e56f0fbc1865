import {resolve} from 'node:path';
import type {CheckpointOptions} from '@minicontainer/engine/runtime';
import {type Flags, text, type Values} from './command-line.ts';

/** What `checkpoint` and `restore` share, by runc's names. */
export const criuFlags = {
  'image-path': {type: 'string'},
  'work-path': {type: 'string'},
  'tcp-established': {type: 'boolean'},
  'tcp-close': {type: 'boolean'},
  'ext-unix-sk': {type: 'boolean'},
  'shell-job': {type: 'boolean'},
  'file-locks': {type: 'boolean'},
  'link-remap': {type: 'boolean'},
  'lazy-pages': {type: 'boolean'},
  'auto-dedup': {type: 'boolean'},
  'tcp-skip-in-flight': {type: 'boolean'},
  'manage-cgroups-mode': {type: 'string'},
  'empty-ns': {type: 'string', multiple: true},
  'lsm-profile': {type: 'string'},
  'lsm-mount-context': {type: 'string'},
} as const satisfies Flags;

/** By criu's names, where it has other ones. */
const renamed: Readonly<Record<string, string>> = {'tcp-skip-in-flight': 'skip-in-flight'};
const handedOn = [
  ...['tcp-established', 'tcp-close', 'shell-job', 'file-locks', 'link-remap', 'lazy-pages'],
  ...['auto-dedup', 'tcp-skip-in-flight', 'ext-unix-sk'],
];

type Shared = Pick<CheckpointOptions, 'imagePath' | 'workPath' | 'criu' | 'flags'>;

/** The cgroup is always the runtime's to make: `--manage-cgroups-mode` changes nothing. */
export function criuOptions(values: Values, global: Values): Shared {
  const workPath = text(values, 'work-path');
  const criu = text(global, 'criu');
  const flags = [
    ...handedOn.filter((name) => values[name] === true).map((name) => `--${renamed[name] ?? name}`),
    ...['lsm-profile', 'lsm-mount-context'].flatMap((name) => {
      const value = text(values, name);
      return value === undefined ? [] : [`--${name}`, value];
    }),
    ...(Array.isArray(values['empty-ns']) && values['empty-ns'].includes('network')
      ? ['--empty-ns', 'net']
      : []),
  ];
  return {
    imagePath: resolve(text(values, 'image-path') ?? 'checkpoint'),
    flags,
    ...(workPath !== undefined && {workPath: resolve(workPath)}),
    ...(criu !== undefined && {criu}),
  };
}
