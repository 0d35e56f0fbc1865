import {AuthFile} from './auth-file.ts';
import {authFiles, type WhereOptions} from './auth-files.ts';
import {CredentialHelper} from './credential-helper.ts';
import type {Credentials} from './credentials.ts';

/**
 * Keeps credentials where the next search finds them first: where others for the same are already, else in
 * the helper that a file names, else in the first file.
 *
 * @param key `host[:port]`, or with the path of a namespace or repository
 * @returns where: a path, or a helper's program
 * @throws {MinicontainerError} `ECONFIG` and `EAUTH` where that cannot be read or written
 */
export async function keepCredentials(
  key: string,
  credentials: Credentials,
  options: WhereOptions = {},
): Promise<string> {
  const files = authFiles(options).map((path) => AuthFile.read(path));
  const registry = registryOf(key);
  const file =
    files.find(({keys}) => keys.includes(key)) ??
    files.find((known) => known.helperFor(registry) !== undefined) ??
    files[0];
  if (file === undefined) throw new RangeError('no file for credentials');
  const helper = key === registry ? file.helperFor(registry) : undefined;
  if (helper === undefined) {
    file.with(key, credentials).write();
    return file.path;
  }
  const program = new CredentialHelper(helper, options.env ?? process.env);
  await program.store(key, credentials);
  // What the file itself had is older; an entry without credentials is Docker's sign for a helper's.
  if (file.find(key, '') !== undefined) file.without(key).write();
  return program.program;
}

/**
 * Forgets credentials wherever a search would find them.
 *
 * @returns where there were some: paths, and helpers' programs
 * @throws {MinicontainerError} as `keepCredentials`
 */
export async function forgetCredentials(
  key: string,
  options: WhereOptions = {},
): Promise<string[]> {
  const places: string[] = [];
  for (const path of authFiles(options)) {
    const file = AuthFile.read(path);
    const registry = registryOf(key);
    const helper = key === registry ? file.helperFor(registry) : undefined;
    if (helper !== undefined) {
      const program = new CredentialHelper(helper, options.env ?? process.env);
      if ((await program.get(key)) !== undefined) {
        await program.erase(key);
        places.push(program.program);
      }
    }
    if (file.keys.includes(key)) {
      file.without(key).write();
      places.push(path);
    }
  }
  return places;
}

/** The keys that all of these files have something for. */
export function knownKeys(options: WhereOptions = {}): string[] {
  return [...new Set(authFiles(options).flatMap((path) => AuthFile.read(path).keys))];
}

function registryOf(key: string): string {
  return key.split('/')[0] ?? key;
}
