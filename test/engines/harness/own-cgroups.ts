import {existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

const top = '/sys/fs/cgroup';

/** A cgroup of one name in each hierarchy of v1, below the one that this process was in before. */
export class OwnCgroups {
  /** What shows them alone, and keeps an arena until its stdin ends. */
  static readonly script = join(import.meta.dirname, 'own-cgroups.sh');

  readonly directories: readonly string[];

  /** This process enters, and so does what it starts from then on. */
  constructor(name: string) {
    this.directories = ownCgroups().map((directory) => join(directory, name));
    for (const directory of this.directories) {
      mkdirSync(directory);
      // Without these nobody may enter a cpuset.
      for (const file of ['cpuset.cpus', 'cpuset.mems']) copy(file, dirname(directory), directory);
      move(directory);
    }
  }

  /** This process leaves; what was made below is removed as soon as nobody is in it. */
  async leave(): Promise<void> {
    for (const directory of this.directories) {
      move(dirname(directory));
      for (const path of [...treeOf(directory).reverse(), directory]) await remove(path);
    }
  }
}

function ownCgroups(): string[] {
  return readFileSync('/proc/self/cgroup', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([, controllers]) => controllers)
    .map(([, controllers = '', path = '']) => join(top, controllers.replace('name=', ''), path));
}

function move(directory: string): void {
  writeFileSync(join(directory, 'cgroup.procs'), String(process.pid));
}

function copy(file: string, from: string, to: string): void {
  if (existsSync(join(from, file))) writeFileSync(join(to, file), readFileSync(join(from, file)));
}

/** All below a directory, each after its parent. */
function treeOf(directory: string): string[] {
  return readdirSync(directory, {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map(({name}) => join(directory, name))
    .flatMap((path) => [path, ...treeOf(path)]);
}

async function remove(directory: string): Promise<void> {
  for (let attempts = 100; ; attempts--) {
    try {
      return rmdirSync(directory);
    } catch (error) {
      if (attempts === 0) throw error;
      await sleep(20);
    }
  }
}
