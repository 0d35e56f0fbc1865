import {MinicontainerError} from '@minicontainer/errors';
import {parseReference} from '@minicontainer/image';
import {
  findCredentials,
  forgetCredentials,
  keepCredentials,
  knownKeys,
  normalizeKey,
} from '@minicontainer/image/credentials';
import {openRegistries} from '@minicontainer/image/registry';
import {type RegistryAccess, registryOptions} from './access.ts';

export interface LoginOptions extends Omit<RegistryAccess, 'creds'> {
  readonly user: {readonly username: string; readonly password: string};
  readonly signal?: AbortSignal | undefined;
}

export interface Login {
  /** `host[:port]`, with a namespace where the login is for that alone. */
  readonly key: string;
  /** The file or the helper that keeps it. */
  readonly place: string;
}

/**
 * Asks a registry whether it lets somebody in, and keeps what they are known by for what comes later.
 *
 * @param where `host[:port]`, or with a namespace or repository that it is for
 * @throws {MinicontainerError} `EAUTH` when it does not; `EREFERENCE` for what is no registry; else as
 *   `pullImage`; `ECONFIG` where it cannot be kept
 */
export async function logIn(where: string, options: LoginOptions): Promise<Login> {
  const {key, registry} = registryKey(where);
  const credentials = {kind: 'password', ...options.user} as const;
  const {signal} = options;
  {
    await using registries = await openRegistries({
      ...registryOptions(options),
      ...(signal === undefined ? {} : {signal}),
    });
    await registries.checkLogin(registry, credentials);
  }
  return {key, place: await keepCredentials(key, credentials, files(options))};
}

/**
 * Forgets what `logIn`, podman or Docker have kept for a registry.
 *
 * @returns the places that had something
 */
export function logOut(where: string, options: RegistryAccess = {}): Promise<string[]> {
  return forgetCredentials(registryKey(where).key, files(options));
}

/** Forgets all of it. @returns each registry, or what is below it, that there was something for */
export async function logOutEverywhere(options: RegistryAccess = {}): Promise<string[]> {
  const keys = knownKeys(files(options));
  for (const key of keys) await forgetCredentials(key, files(options));
  return keys;
}

/** Who is logged in: undefined for nobody, and for who has a token without a name. */
export async function loggedInUser(
  where: string,
  options: RegistryAccess = {},
): Promise<string | undefined> {
  const {key, registry} = registryKey(where);
  const found = await findCredentials(registry, key.slice(registry.length + 1), files(options));
  return found?.kind === 'password' ? found.username : undefined;
}

/** As images' names have it, so that what is kept is found by them. */
function registryKey(where: string): {key: string; registry: string} {
  const key = normalizeKey(where);
  const [registry = ''] = key.split('/');
  if (registry === '' || parseReference(`${key}/image`).registry !== registry) {
    throw new MinicontainerError('EREFERENCE', `${JSON.stringify(where)} names no registry`, {
      hint: 'write HOST or HOST:PORT as images’ names begin: quay.io, localhost:5000',
    });
  }
  return {key, registry};
}

function files({authFile}: RegistryAccess) {
  return authFile === undefined ? {} : {authFile};
}
