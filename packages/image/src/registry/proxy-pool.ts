import {type Dispatcher, Pool} from 'undici';
import {networkFailure} from './network-failure.ts';

/**
 * The connections to a proxy. Its failures become errors of ours here: one that undici calls a socket's it
 * takes for a connection that was cut by chance, and asks the proxy again without a pause and without an end.
 */
export class ProxyPool extends Pool {
  readonly #origin: URL;

  constructor(origin: URL, options: Pool.Options) {
    super(origin, options);
    this.#origin = origin;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const fail = handler.onError?.bind(handler);
    if (fail !== undefined) {
      const who = `the proxy ${this.#origin.host}`;
      handler.onError = (error) => fail(networkFailure(error, this.#origin, who));
    }
    return super.dispatch(options, handler);
  }
}
