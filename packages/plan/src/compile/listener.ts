import {MinicontainerError} from '@minicontainer/errors';
import type {Seccomp, Spec} from '@minicontainer/spec';
import {type Operation, operation} from '../plan.ts';
import {containerState} from './container-state.ts';

/** sockaddr_un holds 108 bytes, the last one a NUL (unix(7)). */
const longestPath = 107;

/**
 * The connection to who answers for a filter that notifies: made before the container is, so that a
 * listener that is not there is told at once. Without such a rule a listener's path means nothing.
 *
 * @param bundle the directory that holds the container's config.json
 * @param init of a container that is there, which another process joins: its first process
 * @throws {MinicontainerError} `ESECCOMP` for a rule that nobody would answer
 * @see OCI runtime spec, config-linux.md, "Seccomp"
 */
export function compileListener(
  spec: Spec,
  id: string,
  bundle: string,
  init?: number,
): Operation[] {
  const seccomp = spec.linux?.seccomp;
  if (!seccomp?.syscalls?.some(({action}) => action === 'SCMP_ACT_NOTIFY')) return [];
  return [
    operation(
      'attach',
      'connectListener',
      {path: listenerPath(seccomp), state: processState(spec, seccomp, id, bundle, init)},
      'it answers the calls that the filter notifies of, which wait for it',
    ),
  ];
}

function listenerPath({listenerPath: path}: Seccomp): string {
  if (path === undefined || path === '') {
    throw refuse('SCMP_ACT_NOTIFY without a listenerPath: nobody would answer');
  }
  if (!path.startsWith('/')) throw refuse(`the listenerPath ${path} is not absolute`);
  if (Buffer.byteLength(path) > longestPath) {
    throw refuse(`the listenerPath has more than ${longestPath} bytes: ${path}`);
  }
  return path;
}

function refuse(message: string): MinicontainerError {
  return new MinicontainerError('ESECCOMP', `seccomp: ${message}`, {
    hint: 'listenerPath names the unix socket of a program that answers, such as /run/agent.sock',
  });
}

/**
 * The container process state as JSON, in the parts that the pid stands between.
 *
 * @see OCI runtime spec, config-linux.md, "The Container Process State"
 */
function processState(
  spec: Spec,
  seccomp: Seccomp,
  id: string,
  bundle: string,
  init: number | undefined,
): string[] {
  const json = JSON.stringify;
  const metadata = seccomp.listenerMetadata;
  const [before, after] = containerState(
    spec,
    id,
    bundle,
    init === undefined ? 'creating' : 'running',
  );
  const start = `{"ociVersion":${json(spec.ociVersion)},"fds":["seccompFd"],"pid":`;
  const state = `,${metadata === undefined ? '' : `"metadata":${json(metadata)},`}"state":${before}`;
  return init === undefined ? [start, state, `${after}}`] : [start, `${state}${init}${after}}`];
}
