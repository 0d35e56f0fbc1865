import type {UserNamespaceChoice} from '@minicontainer/engine';
import type {RunFlags} from './flags.ts';
import {askedMappings} from './id-map.ts';
import {quoted, refuse} from './refuse.ts';

type Flags = Pick<RunFlags, 'userns' | 'uidmap' | 'gidmap' | 'subuidname' | 'subgidname'>;

const MODES = 'auto, host, keep-id and nomap';

/** What `--userns`, `--uidmap`, `--gidmap`, `--subuidname` and `--subgidname` ask for, one of them. */
export function userNamespace(flags: Flags): UserNamespaceChoice | undefined {
  const {uidmap = [], gidmap = [], subuidname, subgidname} = flags;
  const [mode, other] = [...new Set(flags.userns ?? [])];
  if (other !== undefined) {
    throw refuse(`--userns ${mode} and --userns ${other} contradict each other`);
  }
  const asked = [
    ...(mode === undefined ? [] : [`--userns ${mode}`]),
    ...(uidmap.length + gidmap.length > 0 ? ['--uidmap and --gidmap'] : []),
    ...(subuidname || subgidname ? ['--subuidname and --subgidname'] : []),
  ];
  if (asked.length > 1) {
    throw refuse(
      `${asked[0]} and ${asked[1]} contradict each other`,
      'each says which ids the container has: leave one of them out',
    );
  }
  if (mode !== undefined) return parseMode(mode);
  if (uidmap.length + gidmap.length > 0) {
    return {kind: 'maps', maps: askedMappings(uidmap, gidmap)};
  }
  if (!subuidname && !subgidname) return undefined;
  return {
    kind: 'subordinate',
    ...(subuidname && {users: subuidname}),
    ...(subgidname && {groups: subgidname}),
  };
}

function parseMode(text: string): UserNamespaceChoice {
  const [name, options] = /^([^:]*)(?::(.*))?$/s.exec(text)?.slice(1) ?? [text];
  if (name === 'container' || name === 'ns') {
    throw refuse(
      `--userns ${quoted(text)}: joining a user namespace is not supported yet`,
      `this version has ${MODES}`,
    );
  }
  if (options === undefined) {
    if (name === 'auto' || name === 'host' || name === 'keep-id' || name === 'nomap') return name;
  } else if (name === 'auto') {
    return automatic(optionsOf(text, options, ['size', 'uidmapping', 'gidmapping']), text);
  } else if (name === 'keep-id') {
    return keepId(optionsOf(text, options, ['uid', 'gid']), text);
  }
  throw refuse(`--userns ${quoted(text)} is not known`, `this version has ${MODES}`);
}

type Options = ReadonlyMap<string, readonly string[]>;

function optionsOf(mode: string, text: string, known: readonly string[]): Options {
  const options = new Map<string, string[]>();
  for (const option of text.split(',')) {
    const [, name = option, value] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
    if (!known.includes(name) || value === undefined) {
      throw refuse(
        `--userns ${quoted(mode)}: unknown option ${quoted(option)}`,
        `there are ${known.map((some) => `${some}=`).join(', ')}`,
      );
    }
    options.set(name, [...(options.get(name) ?? []), value]);
  }
  return options;
}

function automatic(options: Options, mode: string): UserNamespaceChoice {
  const size = numberOf(options, 'size', mode);
  return {
    kind: 'auto',
    ...(size !== undefined && {size}),
    maps: askedMappings(options.get('uidmapping'), options.get('gidmapping')),
  };
}

function keepId(options: Options, mode: string): UserNamespaceChoice {
  const [uid, gid] = [numberOf(options, 'uid', mode), numberOf(options, 'gid', mode)];
  return {kind: 'keep-id', ...(uid !== undefined && {uid}), ...(gid !== undefined && {gid})};
}

function numberOf(options: Options, name: string, mode: string): number | undefined {
  const [value, ...more] = options.get(name) ?? [];
  if (value === undefined) return undefined;
  if (more.length > 0) throw refuse(`--userns ${quoted(mode)}: ${name} stands there twice`);
  if (!/^\d{1,10}$/.test(value)) {
    throw refuse(`--userns ${quoted(mode)}: ${name} is a number, not ${quoted(value)}`);
  }
  return Number(value);
}
