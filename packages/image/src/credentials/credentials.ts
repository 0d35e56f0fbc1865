/** What proves to a registry who asks. Never in a command line, a message or a log. */
export type Credentials =
  | {readonly kind: 'password'; readonly username: string; readonly password: string}
  | {readonly kind: 'identity-token'; readonly token: string};

/** Has the credentials for a repository, or undefined for none. */
export type CredentialSource = (
  registry: string,
  repository: string,
) => Promise<Credentials | undefined>;
