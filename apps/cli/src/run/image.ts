import type {ImageFlagValues} from './image-flags.ts';
import {quoted, refuse} from './refuse.ts';

export const PULL_POLICIES = ['missing', 'always', 'newer', 'never'] as const;

/** When a registry is asked: only for what is not here, each time, each time for its digest, or never. */
export type PullPolicy = (typeof PULL_POLICIES)[number];

/** How the image of a `run` may be fetched. */
export interface ImageFetching {
  readonly policy: PullPolicy;
  readonly quiet: boolean;
  readonly platform?: string;
  readonly access: RegistryAccess;
}

/** What is known of a registry beforehand. */
export interface RegistryAccess {
  /** Whether certificates must be right; false also allows plain http. Unless said: right, but on loopback. */
  readonly tlsVerify?: boolean;
  /** `USER:PASSWORD`; else what `login` and other engines have kept is looked up. */
  readonly creds?: string;
  /** A file of credentials, `auth.json`. */
  readonly authFile?: string;
  /** A directory of certificates: `*.crt` to trust, `*.cert` with `*.key` to show. */
  readonly certDir?: string;
}

/**
 * The image that a flag of `run` names outright.
 *
 * @throws {UsageError} when there are several
 */
export function imageByFlag({image = []}: ImageFlagValues): string | undefined {
  const [name, ...more] = image;
  if (more.length > 0) throw refuse('--image is given twice', 'a container has one root');
  if (name === '') throw refuse('--image names no image', 'for example --image debian /bin/sh');
  return name;
}

/**
 * How `run` may fetch its image.
 *
 * @throws {UsageError} for a policy that is none
 */
export function imageFetching(flags: ImageFlagValues): ImageFetching {
  const policy = PULL_POLICIES.find((known) => known === (flags.pull ?? 'missing'));
  if (policy === undefined) {
    throw refuse(`--pull is ${PULL_POLICIES.join(', ')}, not ${quoted(flags.pull ?? '')}`);
  }
  return {
    policy,
    quiet: flags.quiet === true,
    ...(flags.platform && {platform: flags.platform}),
    access: registryAccess(flags),
  };
}

export function registryAccess(
  flags: Pick<ImageFlagValues, 'authfile' | 'creds' | 'certDir' | 'tlsVerify'>,
): RegistryAccess {
  return {
    ...(flags.tlsVerify !== undefined && {tlsVerify: flags.tlsVerify}),
    ...(flags.creds && {creds: flags.creds}),
    ...(flags.authfile && {authFile: flags.authfile}),
    ...(flags.certDir && {certDir: flags.certDir}),
  };
}
