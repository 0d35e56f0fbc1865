import type {CredentialSource, Credentials} from '../credentials/credentials.ts';
import {credentialSource} from '../credentials/find.ts';
import {Connections} from './connections.ts';
import type {RepositoryName} from './endpoints.ts';
import {endpointsOf} from './endpoints.ts';
import type {Session} from './host.ts';
import {RepositoryHost} from './host.ts';
import {checkLogin} from './login-check.ts';
import {PushTarget} from './push-target.ts';
import type {RegistryRule} from './registries-conf.ts';
import {loadRegistryRules} from './registries-conf-files.ts';
import {RemoteRepository} from './repository.ts';
import {defaultRetryPolicy, type RetryPolicy} from './retry.ts';
import {Schemes} from './schemes.ts';

export interface RegistryOptions {
  /** Asked only when a registry wants to know who we are; where the user has logged in unless said. */
  readonly credentials?: CredentialSource;
  /** False: trust any certificate, and plain http. True: no plain http even on this machine. */
  readonly tlsVerify?: boolean;
  /** A folder of certificates in place of certs.d. */
  readonly certDir?: string;
  /** Ends everything that is under way, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Is told what went wrong without stopping anything, one sentence each. */
  readonly note?: (sentence: string) => void;
  /** Without a byte for so long a connection is given up; a minute unless said. */
  readonly idleTimeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Requests at a time to one host: 4 unless said. */
  readonly connections?: number;
  /** Where proxies, certificates and configuration are looked up. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Registries as one pull or push sees them: its connections, tokens and limits. */
export interface Registries extends AsyncDisposable {
  /** @throws {MinicontainerError} `EREGISTRY` for a repository that registries.conf blocks */
  repository(name: RepositoryName): RemoteRepository;
  /** @throws {MinicontainerError} as `repository` */
  pushTarget(name: RepositoryName): PushTarget;
  /** @throws {MinicontainerError} as `checkLogin` */
  checkLogin(registry: string, credentials: Credentials): Promise<void>;
}

/**
 * Opens no connection yet; `await using` closes those that come to be.
 *
 * @throws {MinicontainerError} `ECONFIG` for a registries.conf that cannot be read
 */
export async function openRegistries(options: RegistryOptions = {}): Promise<Registries> {
  const {env = process.env, certDir, signal} = options;
  const rules: readonly RegistryRule[] = await loadRegistryRules(env);
  const note = options.note ?? (() => {});
  const idleTimeoutMs = options.idleTimeoutMs ?? 60_000;
  const connections = new Connections({
    env,
    idleTimeoutMs,
    connections: options.connections ?? 4,
    ...(certDir === undefined ? {} : {certDir}),
  });
  const session: Session = {
    connections,
    schemes: new Schemes(connections, signal),
    credentials: options.credentials ?? credentialSource({env, note}),
    tlsVerify: options.tlsVerify,
    idleTimeoutMs,
    retry: {...defaultRetryPolicy, ...options.retry},
    signal,
    note,
  };
  const hostOf = (name: RepositoryName, own = session) => {
    const place = endpointsOf(name, rules).find(({isMirror}) => !isMirror);
    if (place === undefined) throw new RangeError('a repository has no place');
    return new RepositoryHost(place, own);
  };
  return {
    repository: (name) => new RemoteRepository(name, rules, session),
    pushTarget: (name) => new PushTarget(name, hostOf(name)),
    checkLogin: (registry, credentials) =>
      checkLogin(
        hostOf({registry, repository: ''}, {...session, credentials: async () => credentials}),
        credentials,
      ),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}
