import {MinicontainerError} from '@minicontainer/errors';
import {AuthFile} from './auth-file.ts';
import {authFiles, type WhereOptions} from './auth-files.ts';
import {CredentialHelper} from './credential-helper.ts';
import type {CredentialSource, Credentials} from './credentials.ts';

export interface FindOptions extends WhereOptions {
  /** What the caller was given: used for every registry that asks. */
  readonly credentials?: Credentials;
  /** Is told of files and helpers that do not work, one sentence each; they are passed over. */
  readonly note?: (sentence: string) => void;
}

/** Has for each repository what the user has logged in with, by this program, podman or Docker. */
export function credentialSource(options: FindOptions = {}): CredentialSource {
  return (registry, repository) => findCredentials(registry, repository, options);
}

/** The first credentials for a repository: in each file the helper's, then the file's own. */
export async function findCredentials(
  registry: string,
  repository: string,
  options: FindOptions = {},
): Promise<Credentials | undefined> {
  if (options.credentials !== undefined) return options.credentials;
  const note = options.note ?? (() => {});
  for (const path of authFiles(options)) {
    try {
      const found = await findIn(path, registry, repository, options.env ?? process.env, note);
      if (found !== undefined) return found;
    } catch (error) {
      // Most images need none: a file that is somebody else's matter does not stop those.
      if (!(error instanceof MinicontainerError)) throw error;
      note(error.message);
    }
  }
  return undefined;
}

async function findIn(
  path: string,
  registry: string,
  repository: string,
  env: NodeJS.ProcessEnv,
  note: (sentence: string) => void,
): Promise<Credentials | undefined> {
  const file = AuthFile.read(path);
  const helper = file.helperFor(registry);
  if (helper !== undefined) {
    try {
      const found = await new CredentialHelper(helper, env).get(registry);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof MinicontainerError)) throw error;
      note(`${error.message}, which ${path} names`);
    }
  }
  return file.find(registry, repository);
}
