import {resolve} from 'node:path';
import {planExec, requireDescriptors} from '@minicontainer/engine/runtime';
import {MinicontainerError} from '@minicontainer/errors';
import {list, text} from '../command-line.ts';
import {handOver} from '../plan-channel.ts';
import type {Verb} from '../verb.ts';

export const exec: Verb = {
  synopsis: 'exec [FLAGS] ID COMMAND [ARGUMENT]...',
  about: 'Run another process in a container',
  flags: {
    process: {type: 'string', short: 'p'},
    cap: {type: 'string', short: 'c', multiple: true},
    apparmor: {type: 'string'},
    'process-label': {type: 'string'},
    user: {type: 'string', short: 'u'},
    tty: {type: 'boolean', short: 't'},
    cwd: {type: 'string'},
    env: {type: 'string', short: 'e', multiple: true},
    'additional-gids': {type: 'string', short: 'g', multiple: true},
    cgroup: {type: 'string', multiple: true},
    'console-socket': {type: 'string'},
    detach: {type: 'boolean', short: 'd'},
    'pid-file': {type: 'string'},
    'preserve-fds': {type: 'string'},
    'no-new-privs': {type: 'boolean'},
    'ignore-paused': {type: 'boolean'},
    'no-subreaper': {type: 'boolean'},
  },
  endsFlags: true,
  // As runc: what fails before the command runs is not to be taken for its exit code.
  failure: 255,
  run({values, words: [id, ...args]}, {root}) {
    const processFile = text(values, 'process');
    if (id === undefined || (args.length === 0) === (processFile === undefined)) {
      throw new MinicontainerError('EUSAGE', 'exec takes a container id and a command', {
        hint: 'minicontainer-oci exec ID COMMAND, or exec --process FILE ID',
      });
    }
    const flags = {
      processFile: pathOf(processFile),
      user: text(values, 'user'),
      cwd: text(values, 'cwd'),
      apparmorProfile: text(values, 'apparmor'),
      selinuxLabel: text(values, 'process-label'),
      noNewPrivileges: values['no-new-privs'] === true ? true : undefined,
      consoleSocket: pathOf(text(values, 'console-socket')),
      pidFile: pathOf(text(values, 'pid-file')),
    };
    return handOver(
      planExec({
        ...{id, root, args},
        env: list(values, 'env'),
        capabilities: list(values, 'cap'),
        additionalGids: list(values, 'additional-gids'),
        cgroups: list(values, 'cgroup'),
        terminal: values.tty === true,
        detach: values.detach === true,
        ignorePaused: values['ignore-paused'] === true,
        preservedFds: requireDescriptors(text(values, 'preserve-fds') ?? '0'),
        ...flags,
      }),
    );
  },
};

function pathOf(given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(given);
}
