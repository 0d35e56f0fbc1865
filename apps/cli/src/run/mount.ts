import {resolve} from 'node:path';
import type {MountRequest} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {csvFields} from './csv.ts';
import {parseIdmap} from './idmap.ts';
import {quoted, refuse} from './refuse.ts';
import {sizeBytes} from './size.ts';
import {mountTarget} from './target.ts';

const EXAMPLE = 'for example --mount type=bind,src=/on/this/machine,dst=/in/the/container,ro';

const ALIASES: Readonly<Record<string, string>> = {
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  u: 'chown',
  // SELinux labels, as with -v: nothing to do where it is not enforced.
  z: 'relabel',
};
/** Keys that stand for `true` where they stand alone. */
const SWITCHES = ['readonly', 'idmap', 'chown', 'relabel'];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  bind: [
    ...['source', 'target', 'readonly', 'bind-propagation', 'bind-recursive', 'consistency'],
    ...['idmap', 'chown', 'relabel'],
  ],
  tmpfs: ['target', 'readonly', 'tmpfs-size', 'tmpfs-mode'],
};

/** `--mount type=bind|tmpfs,…` as Docker has it: fields in CSV; the source has to be there. */
export function parseMount(text: string, caller: Caller): MountRequest {
  const flag = `--mount ${quoted(text)}`;
  const fields = readFields(text, flag);
  const type = fields.get('type') ?? 'volume';
  const keys = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined;
  if (keys === undefined) {
    throw type === 'volume'
      ? refuse(`${flag} means a volume, and this version has none yet`, EXAMPLE)
      : refuse(`${flag}: type is bind or tmpfs, not ${quoted(type)}`, EXAMPLE);
  }
  for (const key of fields.keys()) {
    if (key !== 'type' && !keys.includes(key)) {
      throw refuse(`${flag}: a ${type} mount has no ${quoted(key)}`, `it has ${keys.join(', ')}`);
    }
  }
  const target = mountTarget(required(fields, 'target', flag), flag);
  const readOnly = isOn(fields, 'readonly', flag);
  return type === 'bind'
    ? bindMount(fields, target, readOnly, flag, caller)
    : tmpfsMount(fields, target, readOnly, flag);
}

type Fields = ReadonlyMap<string, string>;

function readFields(text: string, flag: string): Fields {
  const list = csvFields(text);
  if (list === undefined) throw refuse(`${flag}: a quote that is not closed`, EXAMPLE);
  const fields = new Map<string, string>();
  for (const field of list) {
    const equals = field.indexOf('=');
    const name = (equals === -1 ? field : field.slice(0, equals)).toLowerCase();
    const key = Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
    if (equals === -1 && !SWITCHES.includes(key)) {
      throw refuse(`${flag}: ${quoted(field)} is not KEY=VALUE`, EXAMPLE);
    }
    if (fields.has(key)) throw refuse(`${flag}: ${key} stands there twice`);
    fields.set(key, equals === -1 ? 'true' : field.slice(equals + 1));
  }
  return fields;
}

function required(fields: Fields, key: string, flag: string): string {
  const value = fields.get(key);
  if (value === undefined || value === '') throw refuse(`${flag} has no ${key}`, EXAMPLE);
  return value;
}

function isOn(fields: Fields, key: string, flag: string): boolean {
  const value = fields.get(key) ?? 'false';
  if (/^(1|true)$/i.test(value)) return true;
  if (/^(0|false)$/i.test(value)) return false;
  throw refuse(`${flag}: ${key} is true or false, not ${quoted(value)}`);
}

function bindMount(
  fields: Fields,
  target: string,
  readOnly: boolean,
  flag: string,
  caller: Caller,
): MountRequest {
  const source = required(fields, 'source', flag);
  if (!/^(\/|\.\.?(\/|$))/.test(source)) {
    throw refuse(`${flag}: a source begins with /, ./ or ../`, EXAMPLE);
  }
  const propagation = fields.get('bind-propagation');
  if (propagation !== undefined && !/^r?(private|shared|slave)$/.test(propagation)) {
    throw refuse(`${flag}: unknown bind-propagation ${quoted(propagation)}`);
  }
  const recursion = fields.get('bind-recursive');
  if (recursion !== undefined && recursion !== 'enabled' && recursion !== 'disabled') {
    throw refuse(`${flag}: bind-recursive is enabled or disabled, not ${quoted(recursion)}`);
  }
  const idmap = fields.get('idmap') ?? 'false';
  return {
    kind: 'bind',
    source: source.startsWith('/') ? resolve(source) : resolve(caller.cwd(), source),
    target,
    ...(readOnly && {readOnly}),
    ...(propagation !== undefined && {propagation}),
    ...(recursion !== undefined && {recursive: recursion === 'enabled'}),
    ...(idmap !== 'false' && {idmap: parseIdmap(idmap, flag)}),
    ...(isOn(fields, 'chown', flag) && {changeOwner: true}),
  };
}

function tmpfsMount(fields: Fields, target: string, readOnly: boolean, flag: string): MountRequest {
  const options: string[] = [];
  const size = fields.get('tmpfs-size');
  const mode = fields.get('tmpfs-mode');
  if (readOnly) options.push('ro');
  if (size !== undefined) options.push(`size=${sizeBytes(size, flag, 'tmpfs-size=64m')}`);
  if (mode !== undefined) {
    if (!/^[0-7]{1,4}$/.test(mode)) throw refuse(`${flag}: tmpfs-mode is octal, as in 1777`);
    options.push(`mode=${mode}`);
  }
  return {kind: 'tmpfs', target, ...(options.length > 0 && {options})};
}
