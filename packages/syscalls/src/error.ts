import {MinicontainerError} from '@minicontainer/errors';
import {describeErrno} from './errno.ts';

/** A system call that the kernel refused; `code` is the errno's name, as Node has it. */
export class SyscallError extends MinicontainerError {
  override readonly name = 'SyscallError';
  readonly syscall: string;
  readonly errno: number;
  readonly errnoName: string;
  /** What the call was about: a path, a descriptor, a pid. */
  readonly target: string | undefined;

  constructor(syscall: string, errno: number, target?: string) {
    const {name, text} = describeErrno(errno);
    super(name, `${syscall}${target === undefined ? '' : ` ${target}`}: ${text} (${name})`);
    this.syscall = syscall;
    this.errno = errno;
    this.errnoName = name;
    this.target = target;
  }
}
