import type {Process} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';

/**
 * A container that is made for another engine: that one is its parent, hands its streams over, and has it
 * started and deleted by commands of their own.
 *
 * @see OCI runtime spec, runtime.md, "Lifecycle"
 */
export interface Runtime {
  /** Of the container's state, there already; an absolute path. */
  readonly directory: string;
  /** Whether it waits at its gate for somebody to start it. */
  readonly gate: boolean;
  /** Whether the supervisor leaves when the container is made, or stays until it ends. */
  readonly detach: boolean;
  /** The unix socket that its terminal is handed to. */
  readonly consoleSocket?: string;
  readonly pidFile?: string;
  /** How many of the caller's descriptors, from 3 on, the process keeps. */
  readonly preservedFds: number;
  /** The caller's session keyring stays its own. */
  readonly sameKeyring?: boolean;
  /** chroot(2) instead of pivot_root(2), which a process with CAP_SYS_CHROOT can leave. */
  readonly noPivot?: boolean;
}

/** The first that is not a standard stream. */
const firstOwnFd = 3;

const whySocket = 'no path inside leads to it, and a connection fails when the container is dead';

/** What is made before the container is. */
export function compileGate({directory, gate}: Runtime): Operation[] {
  return [
    operation(
      'prepare',
      'lockContainer',
      {path: `${directory}/lock`},
      'who deletes it meanwhile waits',
    ),
    ...(gate
      ? [operation('prepare', 'makeGate', {directory, socket: 'gate', held: 'held'}, whySocket)]
      : []),
  ];
}

/** What stands between a container that is made and its command, besides the supervisor's word. */
export function compileWaiting({gate, preservedFds}: Runtime): Operation[] {
  if (!gate) return [];
  return [
    operation(
      'gate',
      'awaitGate',
      {socket: 'gate', held: 'held', from: firstOwnFd + preservedFds},
      'the command runs when it is started; who enters before finds nothing of the host in here',
    ),
  ];
}

/** The supervisor's part, up to what undoes the container. */
export function compileLeaving(runtime: Runtime, process: Process): Operation[] {
  return compileFollowing(runtime, process, [compileRecord(runtime)]);
}

/**
 * The supervisor's part for any process that is handed to the caller.
 *
 * @param recorded what is written down of it besides
 */
export function compileFollowing(
  runtime: Runtime,
  {consoleSize}: Process,
  recorded: readonly Operation[] = [],
): Operation[] {
  const {gate, consoleSocket} = runtime;
  return [
    operation('ending', 'awaitContainer', {}, 'what goes wrong in it is told by who makes it'),
    ...(consoleSocket === undefined
      ? []
      : [
          operation(
            'ending',
            'sendTerminal',
            {
              socket: consoleSocket,
              rows: consoleSize?.height ?? 0,
              columns: consoleSize?.width ?? 0,
            },
            'the caller reads and writes it',
          ),
        ]),
    ...recorded,
    ...compilePidFile(runtime),
    operation(
      'ending',
      'releaseContainer',
      {executed: !gate},
      'until it is written down it would end with us',
    ),
    compileParting(runtime),
  ];
}

/** `compileLeaving` for a container that runs already. */
export function compileRecording(runtime: Runtime): Operation[] {
  return [compileRecord(runtime), ...compilePidFile(runtime), compileParting(runtime)];
}

function compileRecord({directory}: Runtime): Operation {
  return operation(
    'ending',
    'recordContainer',
    {path: `${directory}/init`},
    'status is what the kernel says of this process',
  );
}

function compilePidFile({pidFile}: Runtime): Operation[] {
  return pidFile === undefined
    ? []
    : [operation('ending', 'writePidFile', {path: pidFile}, 'the caller asked for it')];
}

function compileParting({detach}: Runtime): Operation {
  return detach
    ? operation('ending', 'detach', {}, 'the caller waits for the container')
    : operation('ending', 'supervise', {}, 'the caller waits for us');
}
