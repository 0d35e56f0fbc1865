import {readFileSync, realpathSync} from 'node:fs';

/** The type of the file system that a path lies on, as mount(8) names it. */
export function fileSystemOf(path: string): string | undefined {
  try {
    return typeAt(realpathSync(path), readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The type of what is mounted nearest above a path; of several in one place the last, which covers them.
 *
 * @param mountinfo contents of /proc/self/mountinfo
 * @see proc_pid_mountinfo(5)
 */
export function typeAt(path: string, mountinfo: string): string | undefined {
  let [nearest, type]: [string, string | undefined] = ['', undefined];
  for (const line of mountinfo.split('\n')) {
    const [mount, superblock] = line.split(' - ');
    const place = unescapeOctal(mount?.split(' ')[4] ?? '');
    const holds = place === '/' || path === place || path.startsWith(`${place}/`);
    if (place === '' || !holds || place.length < nearest.length) continue;
    [nearest, type] = [place, superblock?.split(' ')[0]];
  }
  return type;
}

/** Blanks, tabs, line breaks and backslashes stand there as octal numbers. */
export function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
