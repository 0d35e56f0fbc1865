import {resolve} from 'node:path';
import type {RunOptions} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import type {RunFlags} from './flags.ts';
import {imageByFlag} from './image.ts';
import {quoted, refuse} from './refuse.ts';

const EXAMPLE = 'minicontainer run /bin/sh';

/** What the container's root is and what runs in it: `--rootfs` says it, or else the first word. */
export function sourceAndCommand(
  flags: RunFlags,
  caller: Caller,
): Pick<RunOptions, 'source' | 'command'> {
  const {rootfs: directories = [], entrypoint, words} = flags;
  const image = imageByFlag(flags);
  const command = entrypoint ? [entrypoint, ...words] : words;
  const [directory, ...more] = [...new Set(directories)];
  if (more.length > 0 || directories.length > 1) {
    throw refuse('--rootfs is given twice', 'a container has one root');
  }
  const [first] = command;
  if (first === undefined) {
    throw refuse(
      'no command to run',
      `for example ${directory === undefined ? EXAMPLE : `minicontainer run --rootfs ${quoted(directory)} /bin/sh`}`,
    );
  }
  if (first === '') throw refuse('the command is empty', `for example ${EXAMPLE}`);
  if (directory !== undefined && image !== undefined) {
    throw refuse('--rootfs and --image exclude each other', 'a container has one root');
  }
  if (directory !== undefined) return {source: rootfs(directory, caller), command};
  if (image !== undefined || !first.startsWith('/')) {
    throw refuse(
      `no image store yet: ${quoted(image ?? first)} cannot be an image`,
      'give a command by its absolute path (/bin/sh) or --rootfs DIR',
    );
  }
  return {source: {kind: 'host'}, command};
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
