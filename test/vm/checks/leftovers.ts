import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

/** What is on the host, one line each: mounts, processes, cgroups, files. */
export type Snapshot = ReadonlySet<string>;

const places = ['/etc', '/home', '/opt', '/root', '/run', '/srv', '/tmp', '/usr/share', '/var'];
/** What state and cache directories keep, and what criu knows of the kernel. */
const lasting =
  /\/\.cache$|\/minicontainer(\/(containers|ranges|code|code\/(planner|images)-[\w.-]+))?$|\/minicontainer-oci$|^file \/run\/criu\.kdat$/;
/** What systemd and a user's bus keep for themselves. */
const systemds =
  /^file \/run\/(systemd|log|user|dbus)\/|^file \/var\/(lib\/systemd|log)\/|^process \d+ \S*(dbus-daemon|systemd|\(sd-pam\))/;
const patienceMs = 5000;

export function takeSnapshot(): Snapshot {
  return new Set([
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => `mount ${line}`),
    ...processes(),
    ...list('/sys/fs/cgroup', (name) => !name.includes('.')).map((path) => `cgroup ${path}`),
    ...places.flatMap((place) => list(place)).map((path) => `file ${path}`),
  ]);
}

/** What is new since a snapshot, once the kernel had time to end what is ending. */
export async function leftovers(before: Snapshot): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = [...takeSnapshot()].filter(
      (line) => !before.has(line) && !lasting.test(line) && !systemds.test(line),
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(50);
  }
}

/** All of user space: threads of the kernel come and go as they please. */
function processes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const command = read(`/proc/${pid}/cmdline`);
      return command === '' ? [] : [`process ${pid} ${command.replaceAll('\0', ' ').trim()}`];
    });
}

function list(directory: string, wanted = (_name: string) => true): string[] {
  return entriesOf(directory)
    .filter((entry) => wanted(entry.name))
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      return [path, ...(entry.isDirectory() ? list(path, wanted) : [])];
    });
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, {withFileTypes: true});
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
