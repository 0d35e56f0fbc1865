import {MinicontainerError} from '@minicontainer/errors';

/** What proves to a registry who asks. Never in a command line, a message or a log. */
export type Credentials =
  | {readonly kind: 'password'; readonly username: string; readonly password: string}
  | {readonly kind: 'identity-token'; readonly token: string};

/** Has the credentials for a repository, or undefined for none. */
export type CredentialSource = (
  registry: string,
  repository: string,
) => Promise<Credentials | undefined>;

/**
 * Reads `USER:PASSWORD`; the password may hold colons.
 *
 * @throws {MinicontainerError} `EAUTH` without a user or a password
 */
export function parseCredentials(text: string): Credentials {
  const colon = text.indexOf(':');
  const [username, password] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (colon > 0 && password !== '') return {kind: 'password', username, password};
  throw new MinicontainerError(
    'EAUTH',
    'credentials are USER:PASSWORD, and one of them is missing',
  );
}

/** A user name that says that the password is a token to get tokens by, as credential helpers have it. */
const tokenUser = '<token>';

export function passwordOrToken(username: string, password: string): Credentials {
  return username === tokenUser
    ? {kind: 'identity-token', token: password}
    : {kind: 'password', username, password};
}

/** The other way round: what helpers are given. */
export function userAndSecret(credentials: Credentials): {username: string; secret: string} {
  return credentials.kind === 'password'
    ? {username: credentials.username, secret: credentials.password}
    : {username: tokenUser, secret: credentials.token};
}
