import {MinicontainerError} from '@minicontainer/errors';
import type {Dispatcher} from 'undici';
import {certificatesOf} from './certificates.ts';
import {isLoopback} from './loopback.ts';
import {isUnproxied} from './unproxied.ts';

export interface ConnectionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly certDir?: string;
  /** No longer than this without a byte. */
  readonly idleTimeoutMs: number;
  /** Requests at a time to one host: what a pull downloads in parallel. */
  readonly connections: number;
}

/**
 * The connections of one pull or push: kept open from request to request, one pool for each origin
 * and way of trusting it, by a proxy where the environment names one.
 */
export class Connections {
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** @param insecure whether the host's certificate is not looked at */
  to(url: URL, insecure: boolean): Promise<Dispatcher> {
    const key = `${url.origin} ${insecure}`;
    const known = this.#dispatchers.get(key);
    if (known !== undefined) return known;
    const dispatcher = this.#open(url, insecure);
    this.#dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.#dispatchers.values());
    this.#dispatchers.clear();
    await Promise.all(
      opened.map((result) => (result.status === 'fulfilled' ? result.value.destroy() : undefined)),
    );
  }

  async #open(url: URL, insecure: boolean): Promise<Dispatcher> {
    const {Agent, EnvHttpProxyAgent} = await import('undici');
    const {env, idleTimeoutMs, connections} = this.#options;
    const tls = url.protocol === 'https:' ? await this.#tls(url, insecure) : {};
    const options = {
      connections,
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      connect: {
        ...tls,
        timeout: Math.min(idleTimeoutMs, connectTimeoutMs),
        // Node gives each address of a host up after 250 ms, which the other side of the world may take.
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 1500,
      },
    };
    // As everywhere else: what is on this machine is never asked for by a proxy.
    const isDirect =
      isLoopback(url.hostname) || isUnproxied(url, env.no_proxy ?? env.NO_PROXY ?? '');
    const proxy = isDirect ? undefined : proxyOf(url, env);
    if (proxy === undefined) return new Agent(options);
    const {ProxyPool} = await import('./proxy-pool.ts');
    return new EnvHttpProxyAgent({
      ...options,
      clientFactory: (origin, given) => {
        const {headersTimeout, bodyTimeout} = options;
        return new ProxyPool(origin, {...given, headersTimeout, bodyTimeout});
      },
      httpProxy: proxy,
      httpsProxy: proxy,
      noProxy: '',
      requestTls: tls,
      // To a proxy that is spoken to in TLS: what the system trusts, and nothing that is for the registry.
      proxyTls: /^https:/i.test(proxy) ? {ca: [...certificatesOf('', {env}).ca]} : {},
    });
  }

  async #tls(url: URL, insecure: boolean) {
    const {certDir, env} = this.#options;
    const {ca, clientCertificate} = certificatesOf(url.host, {
      env,
      ...(certDir === undefined ? {} : {certDir}),
    });
    const {createSecureContext} = await import('node:tls');
    // One for all connections: to read a hundred authorities takes longer than to connect.
    try {
      const secureContext = createSecureContext({ca: [...ca], ...clientCertificate});
      return {secureContext, rejectUnauthorized: !insecure};
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new MinicontainerError(
        'ECONFIG',
        `the certificates for ${url.host} cannot be used: ${reason}`,
        {hint: 'they are PEM: *.crt to trust, *.cert with its *.key to show', cause: error},
      );
    }
  }
}

const connectTimeoutMs = 20_000;

function proxyOf({protocol}: URL, env: NodeJS.ProcessEnv): string | undefined {
  const proxy =
    protocol === 'https:'
      ? (env.https_proxy ?? env.HTTPS_PROXY)
      : (env.http_proxy ?? env.HTTP_PROXY);
  if (!proxy) return undefined;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
