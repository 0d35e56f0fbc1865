import type {RunOptions} from '@minicontainer/engine';
import type {RunFlags} from './flags.ts';
import {quoted, refuse} from './refuse.ts';

type Controls = Pick<RunOptions, 'sysctl' | 'domainname' | 'umask'>;

/** What `--sysctl`, `--domainname` and `--umask` ask for. */
export function controlOptions(flags: RunFlags): Controls {
  const {domainname, umask} = flags;
  const sysctl = Object.fromEntries((flags.sysctl ?? []).map(parseSysctl));
  return {
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
