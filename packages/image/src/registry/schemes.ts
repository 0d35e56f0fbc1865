import type {Connections} from './connections.ts';
import {isLoopback} from './loopback.ts';
import {failureCode, speaksPlainHttp} from './network-failure.ts';
import {dropBody, type Response, readShortBody} from './response.ts';
import {send} from './transport.ts';

/** Finds out, once for each registry, whether it is spoken to in TLS or in plain http. */
export class Schemes {
  readonly #connections: Connections;
  readonly #signal: AbortSignal | undefined;
  readonly #origins = new Map<string, Promise<string>>();

  constructor(connections: Connections, signal: AbortSignal | undefined) {
    this.#connections = connections;
    this.#signal = signal;
  }

  /**
   * @param registry `host[:port]`
   * @param trust `insecure`: plain http will do; `onlyTls`: not even on this machine
   */
  async originOf(registry: string, trust: {insecure: boolean; onlyTls: boolean}): Promise<string> {
    const host = registryHosts[registry] ?? registry;
    const key = `${host} ${trust.insecure} ${trust.onlyTls}`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    const found = this.#find(host, trust);
    this.#origins.set(key, found);
    // A registry that was away for a moment is asked again.
    found.catch(() => this.#origins.delete(key));
    return found;
  }

  async #find(host: string, {insecure, onlyTls}: {insecure: boolean; onlyTls: boolean}) {
    const [tls, plain] = [`https://${host}`, `http://${host}`];
    if (onlyTls) return tls;
    // On this machine plain http comes first: nobody listens in, and nothing is sent that is secret.
    if (isLoopback(new URL(plain).hostname)) {
      const answer = await this.#answersPlain(plain);
      if (answer !== undefined) return answer ? plain : tls;
    }
    const speaks = insecure || isLoopback(new URL(plain).hostname);
    return speaks && (await this.#refusesTls(tls, insecure)) ? plain : tls;
  }

  /** Undefined for a connection that was refused or cut, of which TLS may say more. */
  async #answersPlain(origin: string): Promise<boolean | undefined> {
    let response: Response;
    try {
      response = await this.#probe(origin, false);
    } catch (error) {
      this.#signal?.throwIfAborted();
      return failureCode(error) === 'UND_ERR_HEADERS_TIMEOUT' ? true : undefined;
    }
    if (response.status !== 400) {
      await dropBody(response);
      return response.url.protocol === 'http:';
    }
    // What TLS servers answer to plain requests.
    const body = await readShortBody(response, 16 * 1024, 5000);
    return body !== undefined && !/https|ssl/i.test(body.toString());
  }

  async #refusesTls(origin: string, insecure: boolean): Promise<boolean> {
    try {
      await dropBody(await this.#probe(origin, insecure));
      return false;
    } catch (error) {
      this.#signal?.throwIfAborted();
      const hasPort = /:\d+$/.test(origin);
      const code = failureCode(error);
      return speaksPlainHttp(error) || (!hasPort && code === 'ECONNREFUSED');
    }
  }

  #probe(origin: string, insecure: boolean): Promise<Response> {
    const url = new URL('/v2/', origin);
    return send(this.#connections, {method: 'GET', url, insecure, signal: this.#signal});
  }
}

/** Registries that are not where their name says. */
const registryHosts: Readonly<Record<string, string>> = {
  'docker.io': 'registry-1.docker.io',
  'index.docker.io': 'registry-1.docker.io',
};
