import {MinicontainerError} from '@minicontainer/errors';
import {displayName} from '@minicontainer/tar';

/** The kernel's PATH_MAX and NAME_MAX, without the NUL. */
const pathBytes = 4095;
const nameBytes = 255;
/** Each level is a descriptor for who removes it. */
const depth = 256;

/**
 * A path of an archive from the layer's root: without a leading slash or dots, `''` for the root itself.
 *
 * @param role what it is of the entry: its name, or what it links to
 * @throws {MinicontainerError} `EUNPACK` for one that leads out, or that no file system takes
 */
export function normalisePath(path: string, role: string): string {
  if (path === '') refuse(path, role, 'is empty');
  if (path.includes('\0')) refuse(path, role, 'holds a NUL byte');
  const parts = isPlain(path) ? path.split('/') : simplify(path, role);
  if (parts.length > depth) refuse(path, role, `is more than ${depth} directories deep`);
  for (const part of parts) {
    if (part.length > nameBytes) refuse(path, role, `has a part of more than ${nameBytes} bytes`);
  }
  const normal = parts.join('/');
  if (normal.length > pathBytes) refuse(path, role, `is longer than ${pathBytes} bytes`);
  return normal;
}

/** Nothing that would have to be taken out. */
function isPlain(path: string): boolean {
  return (
    !(path.startsWith('/') || path.startsWith('.') || path.includes('/.')) && !/\/(\/|$)/.test(path)
  );
}

function simplify(path: string, role: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse(path, role, 'leads up by ..');
  return parts;
}

export function refuse(path: string, role: string, problem: string): never {
  throw new MinicontainerError(
    'EUNPACK',
    `the layer's entry ${quote(path)}: its ${role} ${problem}`,
    {
      hint: 'the image is broken or hostile: nothing of it has been kept',
    },
  );
}

/** As a person can read it, and a terminal takes no harm from. */
export function quote(path: string): string {
  const shown = displayName(path);
  return JSON.stringify(shown.length > 200 ? `${shown.slice(0, 200)}…` : shown);
}

/** The directory that holds it; of the root, the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
