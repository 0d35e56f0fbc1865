import type {Operation} from '@minicontainer/plan';
import type {Hint} from './hints.ts';

/** The command of a container, by the operations that look for it, and execute it. */
export type CommandOperation = Extract<Operation, {op: 'execute' | 'findCommand'}>;

/** 127 and 126 as a shell has them. */
export function explainCommand({args}: CommandOperation, errno: string, detail: string): Hint {
  const command = args.argv[0] ?? '';
  const interpreter = interpreterOf(detail);
  if (interpreter !== undefined) {
    return {
      code: 'ENOEXECUTABLE',
      message: `${command} needs the interpreter ${interpreter || '(unknown)'}, which is not in the container: ENOENT`,
      hint: interpreter.endsWith('\r')
        ? carriageReturn
        : 'install it in the root file system, or bind it with -v',
      exitCode: 127,
    };
  }
  if (errno === 'ENOENT' || errno === 'ENOTDIR') {
    return {
      code: 'ENOEXECUTABLE',
      message: `${command} is not in the container: ${errno}`,
      exitCode: 127,
    };
  }
  return {
    code: 'ENOEXECUTABLE',
    message: `${command} cannot be executed: ${errno}`,
    hint:
      errno === 'ENOEXEC'
        ? noProgram
        : 'it must be a file with execute permission for the user of -u, on a mount without noexec',
    exitCode: 126,
  };
}

const said: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOEXEC: 'exec format error',
};

/** What the kernel says of an errno, in the words that engines look for. */
export function wordsFor(errno: string): string {
  return Object.hasOwn(said, errno) ? (said[errno] ?? errno) : errno;
}

/**
 * The same for an engine: it tells a command that is missing from one that may not be executed by these
 * words, which runc has from Go, and whose it is by its name.
 */
export function explainCommandToEngine(
  {args}: CommandOperation,
  errno: string,
  detail: string,
): Hint {
  const command = args.argv[0] ?? '';
  const interpreter = interpreterOf(detail);
  const isSearched = !command.includes('/') && errno === 'ENOENT' && interpreter === undefined;
  const problem = isSearched ? 'executable file not found in $PATH' : wordsFor(errno);
  const needed =
    interpreter === undefined ? '' : `: it needs the interpreter ${interpreter || '(unknown)'}`;
  return {
    code: 'ENOEXECUTABLE',
    message: `exec: ${JSON.stringify(command)}: ${problem}${needed}`,
    hint: adviseEngine(errno, interpreter),
    exitCode: errno === 'ENOENT' || errno === 'ENOTDIR' ? 127 : 126,
  };
}

function adviseEngine(errno: string, interpreter: string | undefined): string {
  if (interpreter?.endsWith('\r')) return carriageReturn;
  if (interpreter !== undefined) return 'install it in the root file system';
  if (errno === 'ENOEXEC') return noProgram;
  return errno === 'ENOENT' || errno === 'ENOTDIR'
    ? 'look at the spelling, at PATH in process.env, and at what the root file system holds'
    : 'it must be a file that the user of the process may execute, on a mount without noexec';
}

const carriageReturn = 'the first line ends as on Windows: remove the carriage return';
const noProgram =
  'it is no program for this machine, nor a script whose first line names its interpreter';

function interpreterOf(detail: string): string | undefined {
  return /^interpreter (.*)$/s.exec(detail)?.[1];
}
