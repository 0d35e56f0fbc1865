import {resolve} from 'node:path';
import type {CheckpointOptions} from '@minicontainer/engine/runtime';
import {type Flags, text, type Values} from './command-line.ts';

/** What `checkpoint` and `restore` share, by runc's names. */
export const criuFlags = {
  'image-path': {type: 'string', about: '`DIR` of the images'},
  'work-path': {
    type: 'string',
    about: '`DIR` of logs and statistics; that of the images unless said',
  },
  'tcp-established': {type: 'boolean', about: 'With connections that are open'},
  'tcp-close': {type: 'boolean', about: 'With connections that are open, as closed'},
  'ext-unix-sk': {type: 'boolean', about: 'With unix sockets that others hold the other end of'},
  'shell-job': {type: 'boolean', about: 'With a terminal that is not its own'},
  'file-locks': {type: 'boolean', about: 'With locks of files'},
  'link-remap': {type: 'boolean', about: 'With open files that have no name any more'},
  'lazy-pages': {type: 'boolean', about: 'Memory comes when it is needed'},
  'auto-dedup': {
    type: 'boolean',
    about: 'Memory that is written anew leaves older images',
  },
  'tcp-skip-in-flight': {type: 'boolean', about: 'Without connections that are being made'},
  'manage-cgroups-mode': {type: 'string', about: '`MODE`, without effect: the cgroup is made'},
  'empty-ns': {
    type: 'string',
    multiple: true,
    about: '`NAMESPACE` that is made anew, empty: network',
  },
  'lsm-profile': {type: 'string', about: '`TYPE:NAME` of a profile instead of its own'},
  'lsm-mount-context': {type: 'string', about: '`CONTEXT` of mounts instead of its own'},
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
