import {type Operation, operation, type Plan} from '../plan.ts';
import type {CgroupContribution} from './compile.ts';
import {propagationFlag, recursiveFlag} from './mount-options.ts';
import {cloneFlag, cloneParent} from './namespace-types.ts';
import {compileGate, compileRecording, type Runtime} from './runtime.ts';
import {inStageOrder} from './stage-order.ts';

/** A container that criu(8) makes anew of its images. */
export interface Restore {
  /** Its command line, an absolute path first; detached, and with the restored process as its sibling. */
  readonly argv: readonly string[];
  /** The container's root file system, and where criu finds a mount of it. */
  readonly root: string;
  readonly mountPoint: string;
  /** Where criu writes the pid of the first process, and what it did. */
  readonly pidFile: string;
  readonly log: string;
  readonly cgroup?: CgroupContribution;
  readonly runtime: Runtime;
  readonly ending: readonly Operation[];
}

/**
 * criu instead of a container's first process: in the container's cgroup, which is the root of what it sees of
 * cgroups, and in mounts of its own, so that nothing stays of it. Pure.
 */
export function compileRestore(restore: Restore): Plan {
  const {argv, root, mountPoint, pidFile, log, cgroup, runtime} = restore;
  const whyMount = 'criu wants the root to be a mount; in a namespace that ends with it';
  return {
    seal: false,
    operations: inStageOrder([
      ...compileGate(runtime),
      ...(cgroup?.operations ?? []),
      operation('clone', 'cloneKeeper', {flags: 0n}, 'the same way as every container begins'),
      operation('attach', 'releaseKeeper', {}, 'nothing is left to prepare'),
      operation('keep', 'awaitRelease', {}, 'until then its cgroup is not made'),
      operation(
        'keep',
        'cloneContainer',
        {flags: cloneFlag.mount | cloneParent, cgroup: cgroup?.clonedInto},
        'criu makes all other namespaces as its images have them',
      ),
      operation('keep', 'leaveContainer', {}, 'who watches the container is not one of us'),
      operation('build', 'awaitRelease', {}, 'nothing is made before the supervisor can end it'),
      operation(
        'build',
        'unshare',
        {flags: cloneFlag.cgroup},
        'the container sees its own cgroup alone',
      ),
      operation(
        'build',
        'setPropagation',
        {flags: propagationFlag.private | recursiveFlag},
        'whatever is mounted from here on must not appear on the host',
      ),
      operation(
        'build',
        'openTree',
        {root: undefined, path: root, recursive: true, device: 0n, to: 'root'},
        whyMount,
      ),
      operation(
        'build',
        'attachMount',
        {
          mount: 'root',
          root: undefined,
          target: mountPoint,
          file: false,
          create: false,
          follow: true,
        },
        whyMount,
      ),
      operation('confine', 'closeDescriptors', {from: 3}, 'no descriptor of ours is criu’s'),
      operation('gate', 'awaitStart', {}, 'until then the supervisor does not know it'),
      operation(
        'exec',
        'execute',
        {argv, env: [`PATH=${search}`], search},
        'it makes the processes of the images, and ends',
      ),
      operation('ending', 'awaitContainer', {}, 'what goes wrong in it is told by who makes it'),
      operation('ending', 'releaseContainer', {executed: true}, 'criu begins'),
      operation(
        'ending',
        'adoptRestored',
        {pidFile, log},
        'criu has ended, and the container has us for a parent',
      ),
      ...compileRecording(runtime),
      ...(cgroup?.ending ?? []),
      ...restore.ending,
    ]),
  };
}

const search = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
