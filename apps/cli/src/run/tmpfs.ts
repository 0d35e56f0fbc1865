import type {MountRequest} from '@minicontainer/engine';
import {quoted, refuse} from './refuse.ts';
import {mountTarget} from './target.ts';

const SWITCHES = [
  'rw',
  'ro',
  'exec',
  'noexec',
  'suid',
  'nosuid',
  'dev',
  'nodev',
  'noatime',
  'relatime',
  'tmpcopyup',
  'notmpcopyup',
];
const VALUES: Readonly<Record<string, RegExp>> = {
  size: /^\d+(?:[kmg]|%)?$/i,
  mode: /^[0-7]{1,4}$/,
  uid: /^\d+$/,
  gid: /^\d+$/,
  nr_inodes: /^\d+[kmg]?$/i,
  nr_blocks: /^\d+[kmg]?$/i,
};

/** `--tmpfs TARGET[:OPTIONS]`, options as mount(8) has them for tmpfs. */
export function parseTmpfs(text: string): MountRequest {
  const colon = text.indexOf(':');
  const flag = `--tmpfs ${quoted(text)}`;
  const target = mountTarget(colon === -1 ? text : text.slice(0, colon), flag);
  const options = colon === -1 ? [] : text.slice(colon + 1).split(',');
  for (const option of options) checkOption(option, flag);
  return {kind: 'tmpfs', target, ...(options.length > 0 && {options})};
}

function checkOption(option: string, flag: string): void {
  if (SWITCHES.includes(option)) return;
  const [name = '', ...value] = option.split('=');
  const form = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (form === undefined) {
    throw refuse(
      `${flag}: unknown option ${quoted(option)}`,
      `there are ${[...SWITCHES, ...Object.keys(VALUES).map((known) => `${known}=`)].join(', ')}`,
    );
  }
  if (!form.test(value.join('='))) {
    throw refuse(`${flag}: ${quoted(option)} has no value that ${name} can have`, EXAMPLE);
  }
}

const EXAMPLE = 'for example --tmpfs /run:size=64m,mode=755';
