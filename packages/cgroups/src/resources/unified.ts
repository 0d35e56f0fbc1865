import {MinicontainerError} from '@minicontainer/errors';
import {quote} from '@minicontainer/spec';
import {asked, type CgroupVersion, type CgroupWrite} from './write.ts';

/**
 * Files of cgroup v2 as they are named there, verbatim, a line at a time: what the kernel reads.
 *
 * @throws {MinicontainerError} `ERESOURCE` on v1, or when a name is no file's of a cgroup
 * @see OCI runtime spec, config-linux.md, "Unified"
 */
export function unifiedWrites(
  unified: Readonly<Record<string, string>>,
  version: CgroupVersion,
): CgroupWrite[] {
  const files = Object.entries(unified);
  if (files.length > 0 && version === 1) {
    throw new MinicontainerError(
      'ERESOURCE',
      `${asked('unified')}: the files of cgroup v2 (${quote(files[0]?.[0] ?? '')}) are not there on v1`,
      {hint: 'use the other resources, such as linux.resources.memory, which both versions have'},
    );
  }
  return files.flatMap(([file, text]) => {
    const place = `${asked('unified')}[${quote(file)}]`;
    const controller = controllerOf(file, place);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((value) => ({controller, file, value, asked: place}));
  });
}

function controllerOf(file: string, place: string): string {
  const [controller = '', parameter = ''] = file.split(/\.(.*)/s);
  // No slash: what is written to is in the container's own directory, and is no directory above it.
  const isName = /^[a-z][a-z0-9_]*$/.test(controller) && /^[\w-][\w.-]*$/.test(parameter);
  if (isName && !file.includes('..')) return controller;
  throw new MinicontainerError('ERESOURCE', `${place} is no name of a file in a cgroup`, {
    hint: 'a name is CONTROLLER.PARAMETER, such as memory.high, without slashes',
  });
}
