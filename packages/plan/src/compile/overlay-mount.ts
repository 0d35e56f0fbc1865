import {posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type Operation, operation} from '../plan.ts';

/** What fsconfig(2) takes of one value, in bytes. */
const longestValue = 255;

/** Options of an overlay with a directory that its paths begin at. */
export interface ShortOverlay {
  /** Holds that directory in slot `directory`; none where no path has to be short. */
  readonly opening: readonly Operation[];
  readonly directory: string | undefined;
  readonly options: readonly string[];
}

/**
 * An overlay of the spec's, as engines ask for with layers of theirs: mount(2) takes a page of options at
 * once, but fsconfig(2) short ones only. Then the paths begin at the last directory that all have in common.
 *
 * @throws {MinicontainerError} `EMOUNT` when they are too long even so
 */
export function shortenOverlay(destination: string, options: readonly string[]): ShortOverlay {
  if (options.every(fits)) return {opening: [], directory: undefined, options};
  const common = commonDirectory(options.flatMap(pathsOf));
  const short = options.map((option) => {
    const [key = ''] = option.split('=');
    const paths = pathsOf(option);
    return paths.length === 0
      ? option
      : `${key}=${paths.map((path) => posix.relative(common, path)).join(':')}`;
  });
  const long = short.find((option) => !fits(option));
  if (long !== undefined) {
    throw new MinicontainerError(
      'EMOUNT',
      `an option of the overlay at ${destination} is too long`,
      {
        hint: `the kernel takes ${longestValue} bytes, also of the part after ${common}: ${long}`,
      },
    );
  }
  const directory = `layers of ${destination}`;
  return {
    opening: [
      operation(
        'build',
        'openPath',
        {root: undefined, path: common, to: directory},
        'what the layers have in common: their whole paths are longer than the kernel takes',
      ),
    ],
    directory,
    options: short,
  };
}

function fits(option: string): boolean {
  return Buffer.byteLength(option.slice(option.indexOf('=') + 1)) <= longestValue;
}

/** The absolute paths in an option; a colon of a path's own has a backslash before it. */
function pathsOf(option: string): string[] {
  const [, value] = /^(?:lowerdir|upperdir|workdir)=(\/.*)$/s.exec(option) ?? [];
  return value === undefined ? [] : value.split(/(?<!\\):/);
}

/** Of their parents, so that no path becomes empty. */
function commonDirectory(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => posix.dirname(path).split('/'));
  const length = first.findIndex((name, index) => others.some((parts) => parts[index] !== name));
  return first.slice(0, length < 0 ? first.length : length).join('/') || '/';
}
