import type {Credentials} from '../credentials/credentials.ts';
import type {Challenge} from './challenge.ts';
import {mergeScopes, type Scope} from './scope.ts';
import {basicAuthorization, type Token} from './token.ts';

export interface AuthorizerOptions {
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly fetchToken: (
    server: TokenServer,
    credentials: Credentials | undefined,
  ) => Promise<Token>;
  /** Milliseconds, as `Date.now()` has them. */
  readonly now: () => number;
}

/** Who gives tokens, for what. */
export interface TokenServer {
  readonly realm: string;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
}

/** Knows how one repository of one registry wants requests authorized, and keeps its tokens. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #tokens = new Map<string, Promise<Token>>();
  #challenge: Challenge | undefined;
  #credentials: Promise<Credentials | undefined> | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** The header for a request; undefined as long as the registry has asked for none. */
  async header(scopes: readonly Scope[]): Promise<string | undefined> {
    return this.#challenge === undefined ? undefined : this.#answer(this.#challenge, scopes);
  }

  /**
   * The header for the next attempt, after a 401.
   *
   * @param rejected what was sent; a token that is refused is not used again
   * @returns undefined when there is nothing better to say
   */
  async challenged(
    challenges: readonly Challenge[],
    scopes: readonly Scope[],
    rejected: string | undefined,
  ): Promise<string | undefined> {
    const challenge = ['bearer', 'basic']
      .map((scheme) => challenges.find((offered) => offered.scheme === scheme))
      .find((offered) => offered !== undefined);
    if (challenge === undefined) return undefined;
    this.#challenge = challenge;
    await this.#forget(rejected);
    const answer = await this.#answer(challenge, scopes);
    return answer === rejected ? undefined : answer;
  }

  async #answer(challenge: Challenge, scopes: readonly Scope[]): Promise<string | undefined> {
    this.#credentials ??= this.#options.credentials();
    const credentials = await this.#credentials;
    if (challenge.scheme === 'basic') {
      return credentials?.kind === 'password' ? basicAuthorization(credentials) : undefined;
    }
    const {parameters} = challenge;
    const server = {
      realm: parameters.get('realm') ?? '',
      service: parameters.get('service'),
      scopes: mergeScopes(scopes, parameters.get('scope')),
    };
    return `Bearer ${(await this.#token(server, credentials)).value}`;
  }

  /** Requests that need one token at once wait for one. */
  async #token(server: TokenServer, credentials: Credentials | undefined): Promise<Token> {
    const key = JSON.stringify(server);
    const known = this.#tokens.get(key);
    if (known !== undefined) {
      const token = await known;
      if (token.expires - renewMs > this.#options.now()) return token;
      if (this.#tokens.get(key) === known) this.#tokens.delete(key);
      return this.#token(server, credentials);
    }
    const fetched = this.#options.fetchToken(server, credentials);
    this.#tokens.set(key, fetched);
    try {
      return await fetched;
    } catch (error) {
      this.#tokens.delete(key);
      throw error;
    }
  }

  async #forget(header: string | undefined): Promise<void> {
    for (const [key, token] of this.#tokens) {
      const value = await token.then(
        (settled) => settled.value,
        () => undefined,
      );
      if (value === undefined || `Bearer ${value}` === header) this.#tokens.delete(key);
    }
  }
}

/** Before it ends: the request that it is for takes its time. */
const renewMs = 10_000;
