import type {Operation} from '@minicontainer/plan';
import {explainCommandToEngine, wordsFor} from './command-hints.ts';
import type {Hint} from './hints.ts';

/**
 * What is told otherwise of a container that another engine has made: it has no flags of ours, but a
 * configuration, and it looks for words in what we say. Undefined: nothing is.
 */
export function findRuntimeHint(
  operation: Operation,
  errno: string,
  detail: string,
): Hint | undefined {
  switch (operation.op) {
    case 'execute':
    case 'findCommand':
      return explainCommandToEngine(operation, errno, detail);
    case 'changeDirectory':
      return {
        code: 'EWORKDIR',
        message: `the working directory ${detail} cannot be used: ${wordsFor(errno)}`,
        hint: 'process.cwd must be in the container, and its user must be let in',
      };
    case 'openProcess':
    case 'enterProcess':
      return explainProcess(operation.op, errno);
    case 'sendTerminal':
      return {
        code: 'ETERMINAL',
        message: `the console socket ${operation.args.socket} cannot be reached: ${wordsFor(errno)}`,
        hint: 'somebody must listen at the unix socket that --console-socket names',
      };
    case 'openDirectory':
      return {
        code: 'ECGROUP',
        message: `the cgroup ${operation.args.path} cannot be used: ${wordsFor(errno)}`,
        hint: 'it must be there, below the container’s: make it first',
      };
    default:
      return undefined;
  }
}

function explainProcess(op: 'openProcess' | 'enterProcess', errno: string): Hint | undefined {
  if (errno === 'ESRCH') {
    return {code: 'ENOTRUNNING', message: 'container not running: its first process has ended'};
  }
  if (op === 'openProcess' || errno !== 'EPERM') return undefined;
  return {
    code: 'ENAMESPACE',
    message: 'the namespaces of the container cannot be entered: operation not permitted',
    hint: 'they belong to another user, or the container waits to be started, when only root may',
  };
}
