import {execFile} from 'node:child_process';
import {chmod, copyFile, mkdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {Arena} from '../arena/arena.mjs';
import {enterArena} from '../arena/enter.mjs';
import {giveTo, makeRootfs} from '../arena/rootfs.mjs';
import {makeScratch, removeScratch} from '../arena/scratch.mjs';
import {look} from './look.mjs';
import {plainUser, runtimes} from './runtimes.mjs';

const execute = promisify(execFile);
const sources = ['probe', 'process', 'paths', 'devices', 'attempts'];

/** What the probe tries to open: memory, ports, the kernel's log, consoles, disks. */
const planted = [
  ...['c 1:1', 'c 1:3', 'c 1:4', 'c 1:11', 'c 4:0', 'c 4:64', 'c 5:1'],
  ...['c 10:200', 'c 10:229', 'c 10:232', 'c 10:234', 'c 10:237'],
  ...['b 7:0', 'b 8:0', 'b 253:0', 'b 254:0', 'b 259:0'],
];
const warnings = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1'];

/**
 * Looks at a process in each of the runtimes, and writes what was seen as JSON.
 *
 *   observe.mjs CLI OUTPUT
 *
 * Twice the same program: outside it compiles and cleans up, inside the arena it runs them.
 *
 * @param {readonly string[]} argv
 * @returns {Promise<number>}
 */
async function main([cli = '', output = '']) {
  const scratch = process.env.MINICONTAINER_ARENA;
  const cgroup = process.env.MINICONTAINER_ARENA_CGROUP;
  if (scratch !== undefined && cgroup !== undefined) {
    await writeFile(output, JSON.stringify(await observe({cli, scratch, cgroup})));
    return 0;
  }
  const made = await makeScratch('peers');
  try {
    await compile(made.path);
    return await enterArena([fileURLToPath(import.meta.url), cli, output], made);
  } finally {
    await removeScratch(made);
  }
}

/** @param {string} directory */
async function compile(directory) {
  const gcc = process.env.CC ?? 'gcc';
  const source = (/** @type {string} */ name) =>
    fileURLToPath(new URL(`${name}.c`, import.meta.url));
  const probe = sources.map((name) => source(`probe/${name}`));
  await execute(gcc, [...warnings, '-static', '-o', join(directory, 'mc-probe'), ...probe]);
  await execute(gcc, [...warnings, '-o', join(directory, 'filters'), source('filters')]);
}

/**
 * @param {{cli: string, scratch: string, cgroup: string}} options
 * @returns {Promise<object[]>} of each runtime its name, role, version and look, or why there is none
 */
async function observe({cli, scratch, cgroup}) {
  const filters = join(scratch, 'filters');
  const root = {arena: await makeArena(scratch, cgroup, scratch), options: {filters}};
  const plain = await preparePlain(scratch, cgroup);
  await makeOthersCgroup(cgroup);
  const seen = [];
  try {
    for (const {name, role, peer, user = 'root', plain: isPlain = false} of runtimes(cli)) {
      const {arena, options} = isPlain ? {...plain, options: {...plain.options, filters}} : root;
      try {
        const tool = await arena.open(peer);
        const part = role === 'host' ? ['process'] : [];
        const argv = await tool.argv(['/bin/mc-probe', ...part], user === 'root' ? {} : {user});
        seen.push({name, role, user, version: tool.version, ...(await look(argv, options))});
      } catch (error) {
        seen.push({name, role, missing: error instanceof Error ? error.message : String(error)});
      }
    }
  } finally {
    await root.arena[Symbol.asyncDispose]();
  }
  return seen;
}

/**
 * @param {string} path
 * @param {string} cgroup
 * @param {string} scratch where the probe is
 */
async function makeArena(path, cgroup, scratch) {
  const arena = new Arena({scratch: path, cgroup});
  await makeRootfs(arena.rootfs);
  await copyFile(join(scratch, 'mc-probe'), join(arena.rootfs, 'bin/mc-probe'));
  await plantDevices(join(arena.rootfs, 'planted'));
  return arena;
}

/**
 * A cgroup that is no container's: none may see it.
 *
 * @param {string} cgroup
 */
async function makeOthersCgroup(cgroup) {
  const v1 = '/sys/fs/cgroup/pids';
  const isV1 = await stat(v1).then(
    () => true,
    () => false,
  );
  await mkdir(join(isV1 ? v1 : '/sys/fs/cgroup', cgroup, 'others'), {recursive: true});
}

/**
 * A root file system may bring device nodes; those that could reach the host.
 *
 * @param {string} directory is made
 */
async function plantDevices(directory) {
  await mkdir(directory);
  for (const device of planted) {
    const [type = '', number = ''] = device.split(' ');
    await execute('mknod', [join(directory, device), type, ...number.split(':')]);
  }
}

/**
 * The same for the plain user, in a folder of theirs.
 *
 * @param {string} scratch
 * @param {string} cgroup
 */
async function preparePlain(scratch, cgroup) {
  const path = join(scratch, 'plain');
  const arena = await makeArena(path, cgroup, scratch);
  const number = async (/** @type {string} */ flag) =>
    Number((await execute('id', [flag, plainUser])).stdout);
  const user = {uid: await number('-u'), gid: await number('-g')};
  const env = {
    HOME: join(path, 'home'),
    XDG_RUNTIME_DIR: join(path, 'runtime'),
    TMPDIR: join(path, 'tmp'),
    MINICONTAINER_ROOT: join(path, 'minicontainer'),
  };
  for (const directory of Object.values(env)) await mkdir(directory);
  await chmod(env.XDG_RUNTIME_DIR, 0o700);
  await giveTo(path, user.uid);
  return {arena, options: {user, env}};
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`peers: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 125;
}
