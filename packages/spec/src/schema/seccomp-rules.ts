import type {Seccomp, SeccompAction} from '../config/seccomp.ts';
import type {Problem} from './problem.ts';

const place = ['linux', 'seccomp'];

/** What is wrong between the fields of a filter. */
export function* seccompProblems(seccomp: Seccomp): Generator<Problem> {
  if (seccomp.listenerMetadata !== undefined && seccomp.listenerPath === undefined) {
    const at = [...place, 'listenerPath'];
    yield {place: at, expected: 'a path, as there is listenerMetadata', found: 'nothing'};
  }
  const {defaultAction, defaultErrnoRet, syscalls = []} = seccomp;
  yield* errnoProblems(defaultAction, defaultErrnoRet, [...place, 'defaultErrnoRet']);
  for (const [index, {action, errnoRet}] of syscalls.entries()) {
    yield* errnoProblems(action, errnoRet, [...place, 'syscalls', index, 'errnoRet']);
  }
}

function* errnoProblems(
  action: SeccompAction,
  errno: number | undefined,
  at: Problem['place'],
): Generator<Problem> {
  if (errno === undefined || action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE') return;
  yield {place: at, expected: `nothing, as ${action} has no errno`, found: String(errno)};
}
