import type {RunOptions} from '@minicontainer/engine';
import type {RunFlags} from './flags.ts';
import {choice} from './isolation.ts';
import {quoted, refuse} from './refuse.ts';

type Controls = Pick<
  RunOptions,
  'sysctl' | 'domainname' | 'umask' | 'pid' | 'ipc' | 'uts' | 'groupAdd' | 'readOnlyTmpfs'
>;

/** What the flags ask for that have to do with the kernel and with nothing else here. */
export function controlOptions(flags: RunFlags): Controls {
  const {domainname, umask} = flags;
  const sysctl = Object.fromEntries((flags.sysctl ?? []).map(parseSysctl));
  const pid = choice('--pid', flags.pid, ['private', 'host']);
  const ipc = choice('--ipc', flags.ipc, ['private', 'shareable', 'host', 'none']);
  const uts = choice('--uts', flags.uts, ['private', 'host']);
  if (uts === 'host' && (flags.hostname || domainname)) {
    throw refuse(
      '--uts host and a name for the container contradict each other',
      'with --uts host the names are those of the host: leave one of the two out',
    );
  }
  return {
    ...(flags.groupAdd && {groupAdd: flags.groupAdd}),
    ...(flags.readOnlyTmpfs === true && {readOnlyTmpfs: true}),
    ...(pid && {pid}),
    ...(ipc && {ipc}),
    ...(uts && {uts}),
    ...(Object.keys(sysctl).length > 0 && {sysctl}),
    ...(domainname && {domainname}),
    ...(umask !== undefined && {umask: parseUmask(umask)}),
  };
}

function parseSysctl(text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw refuse(
      `--sysctl ${quoted(text)} is not NAME=VALUE`,
      'for example --sysctl net.ipv4.ip_forward=1',
    );
  }
  return [name, value];
}

function parseUmask(text: string): number {
  if (!/^0?[0-7]{1,3}$/.test(text)) {
    throw refuse(`--umask ${quoted(text)} is no umask`, 'it is octal, as in --umask 0027');
  }
  return Number.parseInt(text, 8);
}
