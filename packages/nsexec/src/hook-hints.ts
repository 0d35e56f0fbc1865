import type {Arguments} from '@minicontainer/plan';
import type {Hint} from './hints.ts';

/**
 * What a person is told of a hook that failed.
 *
 * @param detail how it ended, as nsexec says it; empty where it could not be begun
 * @param errno with its text
 */
export function explainHook(
  {kind, path}: Arguments<'runHook'>,
  errno: string,
  detail: string,
): Hint {
  const how = detail === '' ? 'cannot be run' : detail;
  const ended = detail !== '' && detail !== cannotExecute;
  return {
    // Of a container that has ended, it is a warning.
    code: kind === 'poststop' ? 'EPOSTSTOP' : 'EHOOK',
    message: `the ${kind} hook ${path} ${how}${ended ? '' : `: ${errno}`}`,
    ...(detail === cannotExecute && {hint: whereItIs(kind)}),
  };
}

const cannotExecute = 'cannot be executed';

function whereItIs(kind: string): string {
  return kind === 'startContainer'
    ? 'its path is looked for in the root file system; it must be executable for the user of the process'
    : 'its path is the host’s; a script must name its interpreter in its first line';
}

/** What a person is told of a network device that was not moved. */
export function explainMove({name, newName}: Arguments<'moveLink'>, errno: string): Hint {
  const code = 'ENETDEVICE';
  switch (errno) {
    case 'ENODEV':
      return {
        code,
        message: `there is no network device ${name}: ENODEV`,
        hint: 'ip link lists those that there are; one that another container has is not among them',
      };
    case 'EEXIST':
      return {
        code,
        message: `the container's network namespace has a device ${newName} already: EEXIST`,
        hint: 'choose another name, or let the kernel number it: eth%d',
      };
    case 'EINVAL':
      return {
        code,
        hint: 'some devices belong to their namespace, such as lo, bridges and tunnels of the kernel',
      };
    case 'EPERM':
      return {code, hint: 'it takes CAP_NET_ADMIN and CAP_SYS_ADMIN of the host'};
    default:
      return {code};
  }
}
