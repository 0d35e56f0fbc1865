import type {MinicontainerError} from '@minicontainer/errors';
import type {CredentialSource} from '../credentials/credentials.ts';
import {type Asked, answerFailure} from './answer-failure.ts';
import {Authorizer} from './authorizer.ts';
import {parseChallenges} from './challenge.ts';
import type {Connections} from './connections.ts';
import type {Endpoint} from './endpoints.ts';
import {dropBody, type Response} from './response.ts';
import type {RetryPolicy} from './retry.ts';
import type {Schemes} from './schemes.ts';
import type {Scope} from './scope.ts';
import {fetchToken} from './token.ts';
import {type Request, send} from './transport.ts';

/** What the requests of one pull or push have in common. */
export interface Session {
  readonly connections: Connections;
  readonly schemes: Schemes;
  readonly credentials: CredentialSource;
  /** False: no certificate is looked at. True: plain http not even on this machine. */
  readonly tlsVerify: boolean | undefined;
  readonly idleTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal | undefined;
  /** Is told what went wrong without stopping anything, one sentence each. */
  readonly note: (sentence: string) => void;
}

/** A request to a registry, without what depends on how it is reached. */
export interface HostRequest
  extends Pick<Request, 'method' | 'headers' | 'body' | 'answerTimeoutMs'> {
  /** Behind `/v2/REPOSITORY`, such as `/manifests/latest`; or all of a URL that the registry gave. */
  readonly target: string | URL;
  readonly scopes: readonly Scope[];
}

/** A repository in one place: sends requests there, authorized as the registry there asks for it. */
export class RepositoryHost {
  readonly endpoint: Endpoint;
  readonly session: Session;
  readonly #authorizer: Authorizer;

  constructor(endpoint: Endpoint, session: Session) {
    this.endpoint = endpoint;
    this.session = session;
    const {connections, signal, idleTimeoutMs: timeoutMs} = session;
    const {registry, repository} = endpoint;
    this.#authorizer = new Authorizer({
      credentials: () => session.credentials(registry, repository),
      fetchToken: (server, credentials) =>
        fetchToken(connections, {
          ...server,
          registry,
          credentials,
          insecure: this.insecure,
          timeoutMs,
          signal,
        }),
      now: Date.now,
    });
  }

  get insecure(): boolean {
    return this.session.tlsVerify === undefined ? this.endpoint.insecure : !this.session.tlsVerify;
  }

  /** `https://registry-1.docker.io` */
  origin(): Promise<string> {
    return this.session.schemes.originOf(this.endpoint.registry, {
      insecure: this.insecure,
      onlyTls: this.session.tlsVerify === true,
    });
  }

  /**
   * Any answer that is no longer about who asks.
   *
   * @throws {MinicontainerError} as `send` and `fetchToken`
   */
  async request({target, scopes, ...rest}: HostRequest): Promise<Response> {
    const {connections, signal} = this.session;
    const origin = await this.origin();
    const url =
      target instanceof URL ? target : new URL(`/v2/${this.endpoint.repository}${target}`, origin);
    const isOurs = url.origin === origin;
    const authorization = isOurs ? await this.#authorizer.header(scopes) : undefined;
    const request = {...rest, url, insecure: this.insecure, signal};
    const response = await send(connections, {...request, authorization});
    if (response.status !== 401 || response.url.origin !== origin) return response;
    const challenges = parseChallenges(response.headers['www-authenticate']);
    const better = await this.#authorizer.challenged(challenges, scopes, authorization);
    if (better === undefined) return response;
    await dropBody(response);
    return send(connections, {...request, authorization: better});
  }

  /** @param what as in `Asked` */
  async failure(
    response: Response,
    what: string,
    verb: Asked['verb'] = 'give',
  ): Promise<MinicontainerError> {
    const {registry, repository} = this.endpoint;
    const asked = {registry, repository, what, verb, origin: await this.origin()};
    return answerFailure(response, asked, this.session.idleTimeoutMs);
  }
}
