import {credentialSource, type FindOptions} from '@minicontainer/image/credentials';
import type {RegistryOptions} from '@minicontainer/image/registry';

/** What a caller knows of a registry beforehand. */
export interface RegistryAccess {
  /** Whether certificates must be right; false also allows plain http. Unless said: right, but on this machine. */
  readonly tlsVerify?: boolean | undefined;
  /** For every registry that asks; else what has been kept by a login is looked up. */
  readonly user?: {readonly username: string; readonly password: string} | undefined;
  /** A file of credentials, in place of all others. */
  readonly authFile?: string | undefined;
  /** A directory of certificates: `*.crt` to trust, `*.cert` with `*.key` to show. */
  readonly certDir?: string | undefined;
}

/** How registries are reached, for `pullImage` and the others. @param note is told what was passed over */
export function registryOptions(
  {tlsVerify, user, authFile, certDir}: RegistryAccess,
  note?: (sentence: string) => void,
): Omit<RegistryOptions, 'signal'> {
  const find: FindOptions = {
    ...(authFile === undefined ? {} : {authFile}),
    ...(user === undefined ? {} : {credentials: {kind: 'password', ...user}}),
    ...(note === undefined ? {} : {note}),
  };
  return {
    credentials: credentialSource(find),
    ...(tlsVerify === undefined ? {} : {tlsVerify}),
    ...(certDir === undefined ? {} : {certDir}),
    ...(note === undefined ? {} : {note}),
  };
}
