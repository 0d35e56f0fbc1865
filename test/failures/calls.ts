import type {Stage} from '@minicontainer/plan';

export type Process = 'supervisor' | 'keeper' | 'container';

/** One system call of a run, as strace saw it. */
export interface Call {
  /** `container`: with the command that `--init` forks. `other`: a program that maps ids. */
  readonly process: Process | 'other';
  readonly pid: number;
  readonly name: string;
  /** It is the process's n-th call of that name. */
  readonly nth: number;
  /** The line of the log. */
  readonly text: string;
}

/** The calls of a log that `strace -f` has written, in their order. */
export function parseCalls(log: string): Call[] {
  const lines = log.split('\n');
  const roles = new Roles(lines);
  const counts = new Map<string, number>();
  return lines.flatMap((text) => {
    const match = /^(\d+) +(\w+)\(/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) return [];
    const pid = Number(match[1]);
    const name = match[2];
    const process = roles.of(pid, name);
    const nth = (counts.get(`${pid} ${name}`) ?? 0) + 1;
    counts.set(`${pid} ${name}`, nth);
    return [{process, pid, name, nth, text}];
  });
}

/** Which process is which. The first is the supervisor; the keeper's pid is what its clone returns. */
class Roles {
  readonly #roles = new Map<number, Call['process']>();
  #keeperClones = false;

  constructor(lines: readonly string[]) {
    const supervisor = Number.parseInt(lines[0] ?? '', 10);
    this.#roles.set(supervisor, 'supervisor');
    const clone = new RegExp(`^${supervisor} +(<... )?clone3?[( ].* = (\\d+)$`);
    const keeper = lines.map((line) => clone.exec(line)?.[2]).find((pid) => pid !== undefined);
    if (keeper !== undefined) this.#roles.set(Number(keeper), 'keeper');
  }

  /** The container is who comes after the keeper's clone: mapping programs have ended by then. */
  of(pid: number, name: string): Call['process'] {
    const role = this.#roles.get(pid) ?? (this.#keeperClones ? 'container' : 'other');
    this.#roles.set(pid, role);
    this.#keeperClones ||= role === 'keeper' && isClone(name);
    return role;
  }
}

function isClone(name: string): boolean {
  return name === 'clone3' || name === 'clone';
}

export function processOf(stage: Stage): Process {
  if (stage === 'keep' || stage === 'vacate') return 'keeper';
  return ['prepare', 'clone', 'attach', 'ending'].includes(stage) ? 'supervisor' : 'container';
}

/** What a C library makes of a function that the table of operations names. */
const variants: Readonly<Record<string, readonly string[]>> = {
  open: ['open', 'openat'],
  openat: ['openat', 'open'],
  fstat: ['fstat', 'newfstatat'],
  fork: ['fork', 'clone'],
  poll: ['poll', 'ppoll'],
  dup2: ['dup2', 'dup3'],
  lsetxattr: ['lsetxattr', 'setxattr'],
  symlink: ['symlink', 'symlinkat'],
  mkdir: ['mkdir', 'mkdirat'],
  mknod: ['mknod', 'mknodat'],
  write: ['write', 'writev'],
};

export function callNames(syscalls: readonly string[]): string[] {
  return syscalls.flatMap((name) => variants[name] ?? [name]);
}
