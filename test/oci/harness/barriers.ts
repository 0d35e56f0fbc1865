import {closeSync, cpSync, mkdirSync, openSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {type Call, parseCalls} from '../../failures/calls.ts';
import {nsexecPath, type Result, type Room, runtimePath} from './room.ts';

/** What is to happen at one system call: see strace(1), "Tampering". */
export interface Barrier {
  readonly name: string;
  readonly nth: number;
  /** What it fails with; unless said, its process is killed. */
  readonly errno?: string;
}

/** Makes the directory of the room's container as Node leaves it, and keeps a copy. */
export async function prepare(room: Room): Promise<void> {
  const path = openSync(join(room.path, 'plan-path'), 'w+');
  const bundle = join(runtimePath(), '../../apps/oci/dist/minicontainer-oci.cjs');
  const words = ['--root', room.root, 'create', '--bundle', room.bundle, room.id];
  const {status, stderr} = await room.launch(process.execPath, [bundle, ...words], {
    stdio: ['pipe', 'pipe', 2, path],
    env: {
      MINICONTAINER_PLAN_FD: '3',
      MINICONTAINER_OCI_ROOT: room.root,
      MINICONTAINER_NSEXEC: nsexecPath(),
    },
  }).result;
  closeSync(path);
  if (status !== 0) throw new Error(`no plan: ${status}: ${stderr}`);
  cpSync(room.kept(), join(room.path, 'prepared'), {recursive: true});
}

/** Puts the container's directory there again, as Node left it. */
export function restore(room: Room): void {
  rmSync(room.kept(), {recursive: true, force: true});
  mkdirSync(room.root, {recursive: true, mode: 0o700});
  cpSync(join(room.path, 'prepared'), room.kept(), {recursive: true});
}

/** Performs the plan, as a supervisor does once it has it; killed at a system call, in whatever process. */
export async function perform(room: Room, barrier?: Barrier): Promise<Result> {
  const plan = openSync(join(room.kept(), 'plan'), 'r');
  const log = openSync(join(room.path, 'supervisor-log'), 'w+');
  const {result} = room.launch('strace', [...tracing(room, barrier), nsexecPath(), '3'], {
    stdio: ['pipe', log, log, plan],
  });
  closeSync(plan);
  closeSync(log);
  return await result;
}

/** A verb of the native program's, killed at a system call. */
export function verb(room: Room, words: readonly string[], barrier?: Barrier): Promise<Result> {
  const command = [nsexecPath(), '--oci', '-', '--root', room.root, ...words];
  return room.launch('strace', [...tracing(room, barrier), ...command]).result;
}

/** Who is traced stays the child, and strace goes when the last of them has gone. */
function tracing({path}: Room, barrier: Barrier | undefined): string[] {
  const inject =
    barrier === undefined
      ? []
      : [
          `trace=${barrier.name}`,
          `inject=${barrier.name}:${effectOf(barrier)}:when=${barrier.nth}`,
        ];
  const expressions = inject.flatMap((expression) => ['-e', expression]);
  return ['-D', '-f', '-qq', '-o', join(path, 'strace.log'), ...expressions];
}

function effectOf({errno}: Barrier): string {
  return errno === undefined ? 'signal=SIGKILL' : `error=${errno}`;
}

/** The calls of what was traced last. */
export function callsOf({path}: Room): Call[] {
  return parseCalls(readFileSync(join(path, 'strace.log'), 'utf8'));
}

/**
 * Where to kill: each call of each process in a long run of the tests, else the first and the last of each
 * name. The call that a process is executed by is strace's.
 */
export function barriersOf(calls: readonly Call[], isLong: boolean): Barrier[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = `${call.process} ${call.name}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  const chosen = [...groups.values()].flatMap((group) =>
    isLong ? group : [...group.slice(0, 1), ...group.slice(-1)],
  );
  const unique = new Map(chosen.map(({name, nth}) => [`${name} ${nth}`, {name, nth}]));
  unique.delete('execve 1');
  return [...unique.values()];
}
