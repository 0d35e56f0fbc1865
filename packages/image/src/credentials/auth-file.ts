import {randomBytes} from 'node:crypto';
import {readFileSync, realpathSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {makeDirectories} from '@minicontainer/syscalls';
import {dockerHubKey, keysFor, normalizeKey} from './auth-keys.ts';
import type {Credentials} from './credentials.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A file of credentials, as podman (`auth.json`) and Docker (`config.json`) write it. Kept as it was read,
 * so that whatever else stands in it is there after a change.
 *
 * @see containers-auth.json(5)
 */
export class AuthFile {
  readonly path: string;
  readonly #document: JsonObject;

  private constructor(path: string, document: JsonObject) {
    this.path = path;
    this.#document = document;
  }

  /**
   * @returns an empty one for a file that is not there
   * @throws {MinicontainerError} `ECONFIG` for one that cannot be read or is something else
   */
  static read(path: string): AuthFile {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : error;
      if (code === 'ENOENT' || code === 'ENOTDIR') return new AuthFile(path, {});
      throw unreadable(path, `${code}`, error);
    }
    if (text.trim() === '') return new AuthFile(path, {});
    try {
      return new AuthFile(path, requireObject(JSON.parse(text)));
    } catch {
      // What JSON.parse() says of it may quote from it.
      throw unreadable(path, 'it is not JSON', undefined);
    }
  }

  /** The program that keeps a registry's credentials: `osxkeychain` for `docker-credential-osxkeychain`. */
  helperFor(registry: string): string | undefined {
    const helpers = objectOf(this.#document.credHelpers);
    const own = Object.entries(helpers).find(([key]) => normalizeKey(key) === registry)?.[1];
    const name = own ?? this.#document.credsStore;
    return typeof name === 'string' && name !== '' ? name : undefined;
  }

  /** The registries and repositories that it has something for, by normalized key. */
  get keys(): string[] {
    return [...new Set(Object.keys(this.#auths).map(normalizeKey))];
  }

  /** The credentials with the most specific key. */
  find(registry: string, repository: string): Credentials | undefined {
    const entries = Object.entries(this.#auths);
    for (const wanted of keysFor(registry, repository)) {
      for (const [key, entry] of entries) {
        const found = normalizeKey(key) === wanted ? readEntry(objectOf(entry)) : undefined;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }

  /** With credentials for a key, in place of those that it has. */
  with(key: string, credentials: Credentials): AuthFile {
    const isDockers = basename(this.path) === 'config.json';
    const name = isDockers && key === 'docker.io' ? dockerHubKey : key;
    return this.#withAuths({...this.without(key).#auths, [name]: writeEntry(credentials)});
  }

  without(key: string): AuthFile {
    return this.#withAuths(
      Object.fromEntries(
        Object.entries(this.#auths).filter(([name]) => normalizeKey(name) !== key),
      ),
    );
  }

  /** Writes it anew beside itself and puts that in its place: 0600, whole or not at all. */
  write(): void {
    const target = realPath(this.path);
    const scratch = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
    try {
      makeDirectories(dirname(target));
      writeFileSync(scratch, `${JSON.stringify(this.#document, null, '\t')}\n`, {
        mode: 0o600,
        flag: 'wx',
      });
      renameSync(scratch, target);
    } catch (error) {
      rmSync(scratch, {force: true});
      const code = error instanceof Error && 'code' in error ? error.code : error;
      throw new MinicontainerError('ECONFIG', `cannot write ${this.path}: ${code}`, {cause: error});
    }
  }

  get #auths(): JsonObject {
    return objectOf(this.#document.auths);
  }

  #withAuths(auths: JsonObject): AuthFile {
    return new AuthFile(this.path, {...this.#document, auths});
  }
}

function readEntry(entry: JsonObject): Credentials | undefined {
  const {auth, identitytoken, username, password} = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return {kind: 'identity-token', token: identitytoken};
  }
  if (typeof auth === 'string' && auth !== '') {
    // Old Dockers filled it up with zeros.
    const text = Buffer.from(auth, 'base64').toString().replace(/\0+$/, '');
    const colon = text.indexOf(':');
    if (colon < 0) return undefined;
    return {kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1)};
  }
  if (typeof username !== 'string' || typeof password !== 'string' || username === '') {
    return undefined;
  }
  return {kind: 'password', username, password};
}

function writeEntry(credentials: Credentials): JsonObject {
  if (credentials.kind === 'identity-token') return {identitytoken: credentials.token};
  const {username, password} = credentials;
  return {auth: Buffer.from(`${username}:${password}`).toString('base64')};
}

/** Who keeps their files elsewhere and links them here shall find them there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function requireObject(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return objectOf(value);
  throw new TypeError('not an object');
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function unreadable(path: string, reason: string, cause: unknown): MinicontainerError {
  return new MinicontainerError('ECONFIG', `cannot read ${path}: ${reason}`, {
    hint: 'repair it or remove it; minicontainer login writes it anew',
    ...(cause === undefined ? {} : {cause}),
  });
}
