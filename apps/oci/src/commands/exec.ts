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
    process: {type: 'string', short: 'p', about: '`FILE` of a process as config.json has it'},
    cap: {
      type: 'string',
      short: 'c',
      multiple: true,
      about: '`CAP` that it has besides; more than once',
    },
    apparmor: {type: 'string', about: '`PROFILE` that confines it'},
    'process-label': {type: 'string', about: '`LABEL` of SELinux'},
    user: {type: 'string', short: 'u', about: '`UID[:GID]` of the process'},
    tty: {type: 'boolean', short: 't', about: 'With a terminal'},
    cwd: {type: 'string', about: '`DIR` to start in'},
    env: {
      type: 'string',
      short: 'e',
      multiple: true,
      about: '`NAME=VALUE` in its environment; more than once',
    },
    'additional-gids': {
      type: 'string',
      short: 'g',
      multiple: true,
      about: '`GID` of another group; more than once',
    },
    cgroup: {
      type: 'string',
      multiple: true,
      about: '`PATH` below the cgroup of the container; more than once',
    },
    'console-socket': {type: 'string', about: '`SOCKET` that takes the master of its terminal'},
    detach: {type: 'boolean', short: 'd', about: 'Do not wait for its end'},
    'pid-file': {type: 'string', about: '`FILE` to write its id to'},
    'preserve-fds': {type: 'string', about: '`N` more descriptors that it has, from 3 on'},
    'no-new-privs': {type: 'boolean', about: 'No program gives it more privileges'},
    'ignore-paused': {type: 'boolean', about: 'Join a paused container, and wait for it'},
    'no-subreaper': {type: 'boolean', about: 'Taken, and without effect: there is none'},
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
        cache: process.env.MINICONTAINER_CACHE,
        preservedFds: requireDescriptors(text(values, 'preserve-fds') ?? '0'),
        ...flags,
      }),
    );
  },
};

function pathOf(given: string | undefined): string | undefined {
  return given === undefined ? undefined : resolve(given);
}
