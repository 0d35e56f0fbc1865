import {once} from 'node:events';
import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** Does something with one request, in place of passing it on; false passes it on all the same. */
export type Trouble = (asked: IncomingMessage, answer: ServerResponse, nth: number) => boolean;

/** A registry in front of another, with trouble on the way: `nth` counts requests of one address from 1. */
export class TroubledRegistry implements AsyncDisposable {
  readonly host: string;
  readonly requests: {readonly url: string; readonly headers: IncomingMessage['headers']}[] = [];
  readonly #server: ReturnType<typeof createServer>;

  static async start(upstream: string, trouble: Trouble): Promise<TroubledRegistry> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address() as AddressInfo;
    return new TroubledRegistry(server, `localhost:${port}`, upstream, trouble);
  }

  private constructor(
    server: ReturnType<typeof createServer>,
    host: string,
    upstream: string,
    trouble: Trouble,
  ) {
    this.#server = server;
    this.host = host;
    const times = new Map<string, number>();
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
      const url = asked.url ?? '';
      this.requests.push({url, headers: asked.headers});
      const nth = (times.get(url) ?? 0) + 1;
      times.set(url, nth);
      if (!trouble(asked, answer, nth)) passOn(upstream, asked, answer);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** What the registry behind it says, as it is unless `change` makes it another. */
export function passOn(
  upstream: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  change?: (body: Buffer, answer: ServerResponse) => void,
): void {
  const headers = {...asked.headers, host: upstream};
  const behind = request(
    `http://${upstream}${asked.url}`,
    {method: asked.method ?? 'GET', headers},
    (said) => {
      if (change === undefined) {
        answer.writeHead(said.statusCode ?? 500, said.headers);
        said.pipe(answer);
        return;
      }
      const chunks: Buffer[] = [];
      said.on('data', (chunk: Buffer) => chunks.push(chunk));
      said.on('end', () => {
        const {'content-length': _length, ...kept} = said.headers;
        answer.writeHead(said.statusCode ?? 500, kept);
        change(Buffer.concat(chunks), answer);
      });
    },
  );
  asked.pipe(behind);
}
