import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {noWords, text} from '../command-line.ts';
import {startingSpec} from '../starting-spec.ts';
import type {Verb} from '../verb.ts';

export const spec: Verb = {
  synopsis: 'spec [FLAGS]',
  about: 'Write a config.json to start from',
  details:
    'Its command is sh, in the directory rootfs beside it. A config.json that is there stays.',
  flags: {
    bundle: {
      type: 'string',
      short: 'b',
      about: '`DIR` to write it in; the current one unless said',
    },
    rootless: {type: 'boolean', about: 'For who is not root: a user namespace with one id'},
  },
  run({values, words}) {
    noWords('spec', words);
    const path = join(resolve(text(values, 'bundle') ?? '.'), 'config.json');
    const owner = {uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0};
    const found = startingSpec(values.rootless === true ? owner : undefined);
    try {
      writeFileSync(path, `${JSON.stringify(found, null, '\t')}\n`, {flag: 'wx', mode: 0o666});
    } catch (cause) {
      throw explain(cause, path);
    }
    return 0;
  },
};

function explain(cause: unknown, path: string): MinicontainerError {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return errno === 'EEXIST'
    ? new MinicontainerError('EEXIST', `File ${path} exists. Remove it first`, {cause})
    : new MinicontainerError('EBUNDLE', `${path} cannot be written: ${errno}`, {cause});
}
