import {resolve} from 'node:path';
import {type CreateOptions, requireDescriptors} from '@minicontainer/engine/runtime';
import {type Flags, text, type Values} from './command-line.ts';

/** What `create` and `run` share. */
export const bundleFlags = {
  bundle: {type: 'string', short: 'b'},
  config: {type: 'string', short: 'f'},
  'console-socket': {type: 'string'},
  'pid-file': {type: 'string'},
  'preserve-fds': {type: 'string'},
  'no-pivot': {type: 'boolean'},
  'no-new-keyring': {type: 'boolean'},
  'no-subreaper': {type: 'boolean'},
} as const satisfies Flags;

type BundleOptions = Omit<CreateOptions, 'id' | 'root' | 'gate' | 'detach'>;

/** Paths are the caller's; `config` is so too when it is given. */
export function bundleOptions(values: Values): BundleOptions {
  const config = text(values, 'config');
  const consoleSocket = text(values, 'console-socket');
  const pidFile = text(values, 'pid-file');
  const preservedFds = requireDescriptors(text(values, 'preserve-fds') ?? '0');
  return {
    bundle: resolve(text(values, 'bundle') ?? '.'),
    preservedFds,
    sameKeyring: values['no-new-keyring'] === true,
    noPivot: values['no-pivot'] === true,
    ...(config !== undefined && {config: resolve(config)}),
    ...(consoleSocket !== undefined && {consoleSocket: resolve(consoleSocket)}),
    ...(pidFile !== undefined && {pidFile: resolve(pidFile)}),
  };
}
