import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {inheritedFiles, killAll} from '@minicontainer/cgroups';
import {afterAll, describe} from 'vitest';

const isRoot = process.getuid?.() === 0;

interface Hierarchy {
  readonly directory: string;
  /** `v2`, controllers of v1, or `name=systemd`. */
  readonly names: readonly string[];
}

const hierarchies = readFileSync('/proc/self/mountinfo', 'utf8')
  .split('\n')
  .flatMap((line): Hierarchy[] => {
    const [mount = '', superblock = ''] = line.split(' - ');
    const [type, , options = ''] = superblock.split(' ');
    const directory = mount.split(' ')[4] ?? '';
    if (type === 'cgroup2') return [{directory, names: ['v2']}];
    return type === 'cgroup' ? [{directory, names: options.split(',')}] : [];
  });

/** Where this machine has a hierarchy: of a controller of v1, or of v2. */
export function hierarchy(controller: string | 'v2'): string | undefined {
  return hierarchies.find(({names}) => names.includes(controller))?.directory;
}

/** Tests that need root and hierarchies that this machine has. */
export function describeOn(controllers: readonly string[], title: string, tests: () => void): void {
  const there = controllers.every((controller) => hierarchy(controller) !== undefined);
  describe.runIf(isRoot && there)(`only root: ${title}`, tests);
}

/** The one directory of these tests in each hierarchy; what is in it at the end is removed. */
export const room = `minicontainer-test-${process.pid}`;

/** The controller of each directory. */
const made = new Map<string, string>();

/** A cgroup of the tests' own. */
export function makeCgroup(controller: string | 'v2', name: string): string {
  const top = hierarchy(controller);
  if (top === undefined) throw new Error(`no hierarchy of ${controller}`);
  let path = top;
  for (const part of [room, ...name.split('/')]) {
    const parent = path;
    path = join(path, part);
    made.set(path, controller);
    if (existsSync(path)) continue;
    mkdirSync(path);
    if (controller === 'cpuset') inherit(parent, path);
  }
  return path;
}

/** What a new cpuset needs before a task may enter it. */
function inherit(parent: string, path: string): void {
  for (const {file} of inheritedFiles({})) {
    writeFileSync(join(path, file), readFileSync(join(parent, file)));
  }
}

/** Removes what is left of a cgroup, once its tasks have ended. */
export async function removeCgroup(path: string): Promise<void> {
  for (let attempts = 200; existsSync(path); attempts--) {
    try {
      rmdirSync(path);
    } catch (error) {
      if (attempts === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

afterAll(async () => {
  // What a failed test has left running.
  for (const [directory, controller] of made) {
    await killAll({version: 1, directories: {[controller]: directory}});
  }
  // A runtime makes cgroups of its own there.
  for (const {directory} of hierarchies) await removeTree(join(directory, room));
});

async function removeTree(path: string): Promise<void> {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, {withFileTypes: true})) {
    if (entry.isDirectory()) await removeTree(join(path, entry.name));
  }
  await removeCgroup(path);
}
