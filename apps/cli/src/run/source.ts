import {resolve} from 'node:path';
import type {RunOptions} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import type {RunFlags} from './flags.ts';
import {imageByFlag} from './image.ts';
import {quoted, refuse} from './refuse.ts';

const EXAMPLE = 'minicontainer run /bin/sh';

/**
 * What the container's root is and what runs in it. `--rootfs` or `--image` says it, or else the first word:
 * one that begins with a slash is a command in the host view, any other an image.
 */
export function sourceAndCommand(
  flags: RunFlags,
  caller: Caller,
): Pick<RunOptions, 'source' | 'command' | 'entrypoint'> {
  const {entrypoint, words} = flags;
  const directory = onlyRootfs(flags.rootfs ?? []);
  const image = imageByFlag(flags);
  if (directory !== undefined && image !== undefined) {
    throw refuse('--rootfs and --image exclude each other', 'a container has one root');
  }
  const [first, ...rest] = words;
  if (image !== undefined) return ofImage(flags, image, words);
  if (directory === undefined && first !== undefined && first !== '' && !first.startsWith('/')) {
    return ofImage(flags, first, rest);
  }
  const command = entrypoint ? [entrypoint, ...words] : words;
  requireCommand(command, directory);
  if (directory !== undefined) return {source: rootfs(directory, caller), command};
  return {source: {kind: 'host'}, command};
}

function ofImage(
  {entrypoint, platform}: RunFlags,
  name: string,
  command: readonly string[],
): Pick<RunOptions, 'source' | 'command' | 'entrypoint'> {
  if (name.startsWith('.')) {
    throw refuse(
      `${quoted(name)} is no image`,
      `a command of this machine is named by its absolute path, such as ${EXAMPLE}`,
    );
  }
  return {
    source: {kind: 'image', name, ...(platform && {platform})},
    command,
    ...(entrypoint !== undefined && {entrypoint: entrypoint === '' ? [] : [entrypoint]}),
  };
}

function onlyRootfs(directories: readonly string[]): string | undefined {
  const [directory, ...more] = directories;
  if (more.length > 0) throw refuse('--rootfs is given twice', 'a container has one root');
  return directory;
}

function requireCommand([first]: readonly string[], directory: string | undefined): void {
  if (first === undefined) {
    throw refuse(
      'no command to run',
      `for example ${directory === undefined ? EXAMPLE : `minicontainer run --rootfs ${quoted(directory)} /bin/sh`}`,
    );
  }
  if (first === '') throw refuse('the command is empty', `for example ${EXAMPLE}`);
}

function rootfs(text: string, caller: Caller): RunOptions['source'] {
  const overlay = text.endsWith(':O');
  const path = overlay ? text.slice(0, -2) : text;
  if (path === '')
    throw refuse('--rootfs names no directory', 'for example --rootfs ./debian /bin/sh');
  return {
    kind: 'rootfs',
    path: path.startsWith('/') ? resolve(path) : resolve(caller.cwd(), path),
    overlay,
  };
}
