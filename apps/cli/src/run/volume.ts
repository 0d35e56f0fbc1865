import {resolve} from 'node:path';
import type {MountRequest} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {parseIdmap} from './idmap.ts';
import {quoted, refuse} from './refuse.ts';
import {mountTarget} from './target.ts';

const SYNTAX = 'write -v /on/this/machine:/in/the/container, with :ro behind it to forbid writing';
const PROPAGATIONS = ['private', 'shared', 'slave', 'unbindable'].flatMap((mode) => [
  mode,
  `r${mode}`,
]);
const ATTRIBUTES = ['exec', 'noexec', 'suid', 'nosuid', 'dev', 'nodev', 'ridmap'];
// SELinux labels: nothing to do where it is not enforced, and it is not on the systems we support.
const IGNORED = ['z', 'Z'];

/** `-v SOURCE:TARGET[:OPTIONS]` as Docker and Podman have it; a source that is not there is made. */
export function parseVolume(text: string, caller: Caller): MountRequest {
  const [source = '', target, options, ...more] = text.split(':');
  const flag = `-v ${quoted(text)}`;
  if (more.length > 0) {
    throw refuse(
      `${flag} has too many colons`,
      'a path with a colon needs --mount type=bind,src=…,dst=…',
    );
  }
  if (target === undefined) {
    throw refuse(`${flag} has no directory of this machine before a colon`, SYNTAX);
  }
  if (source === '') throw refuse(`${flag} has nothing before the colon`, SYNTAX);
  return {
    kind: 'bind',
    source: hostDirectory(source, flag, caller),
    target: mountTarget(target, flag),
    createSource: true,
    ...bindOptions(options === undefined ? [] : options.split(','), flag),
  };
}

function hostDirectory(source: string, flag: string, caller: Caller): string {
  if (source.startsWith('/')) return resolve(source);
  if (/^\.\.?(\/|$)/.test(source)) return resolve(caller.cwd(), source);
  const hint = `for a directory write -v ./${source}:…`;
  throw source.includes('/')
    ? refuse(`${flag}: a source begins with /, ./ or ../`, hint)
    : refuse(`${flag} means a named volume, and this version has none yet`, hint);
}

type BindOptions = Pick<
  Extract<MountRequest, {kind: 'bind'}>,
  'readOnly' | 'propagation' | 'recursive' | 'options' | 'idmap' | 'changeOwner'
>;

function bindOptions(words: readonly string[], flag: string): BindOptions {
  for (const word of words) {
    if (!KNOWN.has(word) && !word.startsWith('idmap=')) {
      throw refuse(`${flag}: unknown option ${quoted(word)}`, `there are ${[...KNOWN].join(', ')}`);
    }
  }
  const propagation = onlyOne(words, PROPAGATIONS, flag);
  const access = onlyOne(words, ['ro', 'rw'], flag);
  const depth = onlyOne(words, ['bind', 'rbind'], flag);
  for (const pair of [
    ['exec', 'noexec'],
    ['suid', 'nosuid'],
    ['dev', 'nodev'],
  ]) {
    onlyOne(words, pair, flag);
  }
  const idmap = words.findLast((word) => /^r?idmap(=|$)/.test(word));
  const attributes = words.filter((word) => ATTRIBUTES.includes(word));
  return {
    ...(access === 'ro' && {readOnly: true}),
    ...(depth !== undefined && {recursive: depth === 'rbind'}),
    ...(propagation !== undefined && {propagation}),
    ...(idmap !== undefined && {idmap: parseIdmap(idmap.replace(/^r?idmap=?/, ''), flag)}),
    ...(words.includes('U') && {changeOwner: true}),
    ...(attributes.length > 0 && {options: attributes}),
  };
}

const KNOWN = new Set([
  'ro',
  'rw',
  ...PROPAGATIONS,
  'bind',
  'rbind',
  'idmap',
  'U',
  ...ATTRIBUTES,
  ...IGNORED,
]);

function onlyOne(words: readonly string[], choices: readonly string[], flag: string) {
  const [first, second] = [...new Set(words.filter((word) => choices.includes(word)))];
  if (second !== undefined) throw refuse(`${flag}: ${first} and ${second} contradict each other`);
  return first;
}
