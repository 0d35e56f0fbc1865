import {resolve} from 'node:path';
import {type CreateOptions, requireDescriptors} from '@minicontainer/engine/runtime';
import {cgroupManagement} from './cgroup-flags.ts';
import {type Flags, text, type Values} from './command-line.ts';
import {warn} from './failure.ts';

/** What `create` and `run` share. */
export const bundleFlags = {
  bundle: {type: 'string', short: 'b', about: '`DIR` of the bundle; the current one unless said'},
  config: {type: 'string', short: 'f', about: '`FILE` instead of config.json in the bundle'},
  'console-socket': {type: 'string', about: '`SOCKET` that takes the master of its terminal'},
  'pid-file': {type: 'string', about: '`FILE` to write the id of its first process to'},
  'preserve-fds': {type: 'string', about: '`N` more descriptors that it has, from 3 on'},
  'no-pivot': {
    type: 'boolean',
    about: 'chroot(2) instead of pivot_root(2), which an initramfs has not',
  },
  'no-new-keyring': {type: 'boolean', about: 'Leave it the session keyring of the caller'},
  'no-subreaper': {type: 'boolean', about: 'Taken, and without effect: there is none'},
} as const satisfies Flags;

type BundleOptions = Omit<CreateOptions, 'id' | 'root' | 'gate' | 'detach'>;

/** Paths are the caller's; `config` is so too when it is given. */
export function bundleOptions(values: Values, global: Values): BundleOptions {
  const config = text(values, 'config');
  const consoleSocket = text(values, 'console-socket');
  const pidFile = text(values, 'pid-file');
  const cache = process.env.MINICONTAINER_CACHE;
  const preservedFds = requireDescriptors(text(values, 'preserve-fds') ?? '0');
  return {
    warn,
    bundle: resolve(text(values, 'bundle') ?? '.'),
    preservedFds,
    cgroups: cgroupManagement(global),
    sameKeyring: values['no-new-keyring'] === true,
    noPivot: values['no-pivot'] === true,
    ...(cache && {cache}),
    ...(config !== undefined && {config: resolve(config)}),
    ...(consoleSocket !== undefined && {consoleSocket: resolve(consoleSocket)}),
    ...(pidFile !== undefined && {pidFile: resolve(pidFile)}),
  };
}
