import {basename, posix} from 'node:path';
import {cgroupTop} from '@minicontainer/cgroups';
import {MinicontainerError} from '@minicontainer/errors';
import type {ExecCgroup, Operation} from '@minicontainer/plan';

/** A cgroup of a container, in one hierarchy. */
interface MadeCgroup {
  /** The directory that the host has the hierarchy at. */
  readonly hierarchy: string;
  readonly directory: string;
}

/**
 * The cgroups of another process: the container's, or what is asked for below them.
 *
 * @param plan that the container was made by
 * @param memberships of the container's first process: its proc_pid_cgroup(5)
 * @param asked `PATH`, or `CONTROLLER[,CONTROLLER]:PATH` for each hierarchy of version 1
 * @throws {MinicontainerError} `ECGROUP` for what lies not below the container's
 */
export function findCgroup(
  plan: readonly Operation[],
  memberships: string,
  asked: readonly string[],
): ExecCgroup {
  const {unified, members} = ownCgroups(plan);
  const own = [...(unified ? [unified] : []), ...members];
  const below = parseAsked(asked, own);
  const instead = unified && asked.length === 0 ? movedTo(unified, memberships) : undefined;
  return {
    ...(unified && {unified: below(unified)}),
    ...(instead !== undefined && {instead}),
    members: members.map((cgroup) => `${below(cgroup)}/tasks`),
  };
}

/** That of version 2, which it was cloned into, and those of version 1, which it entered. */
function ownCgroups(plan: readonly Operation[]): {
  readonly unified?: MadeCgroup;
  readonly members: readonly MadeCgroup[];
} {
  const made = new Map<string, MadeCgroup>();
  const members: MadeCgroup[] = [];
  let unified: MadeCgroup | undefined;
  for (const {op, args, stage} of plan) {
    // A hierarchy's levels may be made one by one: the last one is the container's.
    if (op === 'makeCgroup') {
      const {hierarchy, path, to} = args;
      made.set(to, {hierarchy, directory: posix.join(hierarchy, path)});
    } else if (op === 'startScope' && stage === 'attach') {
      unified = {hierarchy: cgroupTop, directory: posix.join(cgroupTop, args.cgroup)};
    } else if (op === 'openMembers') {
      const cgroup = made.get(args.cgroup ?? '');
      if (cgroup) members.push(cgroup);
    } else if (op === 'cloneContainer') {
      unified ??= made.get(args.cgroup ?? '');
    }
  }
  return {members, ...(unified && {unified})};
}

/** As runc reads them: one path for all, or one for each controller that is named. */
function parseAsked(
  asked: readonly string[],
  own: readonly MadeCgroup[],
): (cgroup: MadeCgroup) => string {
  const paths = new Map<string, string>();
  for (const text of asked) {
    const [first = '', path, ...more] = text.split(':');
    const controllers = path === undefined ? [''] : first.split(',');
    const isWhole = path === undefined && asked.length === 1;
    if (more.length > 0 || (!isWhole && controllers.includes(''))) {
      throw badCgroup(text, 'it is neither PATH alone nor CONTROLLER:PATH');
    }
    for (const controller of controllers) {
      if (paths.has(controller)) throw badCgroup(text, `${controller} is named twice`);
      if (!isWhole && !own.some((cgroup) => hasController(cgroup, controller))) {
        throw badCgroup(text, `the container has no cgroup of ${controller}`);
      }
      paths.set(controller, path ?? first);
    }
  }
  return (cgroup) => {
    const found = [...paths].find(([name]) => name === '' || hasController(cgroup, name))?.[1];
    return found === undefined ? cgroup.directory : joinBelow(cgroup.directory, found);
  };
}

function hasController({hierarchy}: MadeCgroup, controller: string): boolean {
  return basename(hierarchy).split(',').includes(controller);
}

function joinBelow(directory: string, path: string): string {
  const joined = posix.join(directory, path);
  if (`${joined}/`.startsWith(`${directory}/`)) return joined;
  throw badCgroup(path, 'it is not below that of the container');
}

function badCgroup(text: string, problem: string): MinicontainerError {
  return new MinicontainerError('ECGROUP', `--cgroup ${text}: ${problem}`, {
    hint: 'name a cgroup below the container’s, such as /worker, or for cgroup v1 memory:/worker',
  });
}

/** Where its first process has moved to, below the container's cgroup. */
function movedTo({hierarchy, directory}: MadeCgroup, memberships: string): string | undefined {
  const path = /^0::(.*)$/m.exec(memberships)?.[1];
  const moved = path === undefined ? undefined : posix.join(hierarchy, path);
  return moved?.startsWith(`${directory}/`) ? moved : undefined;
}
