import {credentialSource, parseCredentials} from '@minicontainer/image/credentials';
import type {RegistryOptions} from '@minicontainer/image/registry';

/** What a caller knows of a registry beforehand. */
export interface RegistryAccess {
  /** Whether certificates must be right; false also allows plain http. Unless said: right, but on this machine. */
  readonly tlsVerify?: boolean | undefined;
  /** `USER:PASSWORD` for every registry that asks; else what a login has kept is looked up. */
  readonly creds?: string | undefined;
  /** A file of credentials, in place of all others. */
  readonly authFile?: string | undefined;
  /** A directory of certificates: `*.crt` to trust, `*.cert` with `*.key` to show. */
  readonly certDir?: string | undefined;
  /** Is told what went wrong without stopping anything, one sentence each. */
  readonly note?: ((sentence: string) => void) | undefined;
}

/**
 * How registries are reached, for `pullImage` and the others.
 *
 * @throws {MinicontainerError} `EAUTH` for credentials that are none
 */
export function registryOptions({
  tlsVerify,
  creds,
  authFile,
  certDir,
  note,
}: RegistryAccess): Omit<RegistryOptions, 'signal'> {
  const notes = note === undefined ? {} : {note};
  return {
    credentials: credentialSource({
      ...notes,
      ...(authFile === undefined ? {} : {authFile}),
      ...(creds === undefined ? {} : {credentials: parseCredentials(creds)}),
    }),
    ...notes,
    ...(tlsVerify === undefined ? {} : {tlsVerify}),
    ...(certDir === undefined ? {} : {certDir}),
  };
}
