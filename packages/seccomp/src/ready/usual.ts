import type {Seccomp} from '@minicontainer/spec';
import type {Machine} from '../architectures.ts';
import {defaultProfile} from '../profile/default.ts';

/**
 * The filter of nearly every container: of all default capabilities, Podman's and Docker's, one
 * makes a difference to it.
 */
export function usualFilter(architecture: Machine): Seccomp {
  return defaultProfile({capabilities: ['CAP_SYS_CHROOT'], kernel: '4.8', architecture});
}
