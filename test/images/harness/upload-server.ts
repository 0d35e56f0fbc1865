import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What is done with a request instead of what a registry does; `true` when it is done with. */
export type UploadBehaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  /** Which of the requests with this method it is, from 1. */
  time: number,
) => boolean;

/** The half of a registry that takes blobs, on loopback, as a test lets it go wrong. */
export class UploadServer implements AsyncDisposable {
  readonly host: string;
  readonly asked: {
    readonly method: string;
    readonly path: string;
    readonly range: string | undefined;
    readonly authorization: string | undefined;
  }[] = [];
  /** What has been brought, by digest. */
  readonly blobs = new Map<string, Buffer>();
  /** Where an upload goes on; relative, and with a query of its own, unless a test says otherwise. */
  location = (id: number) => `../uploads/${id}?state=${id}%2Fof%20mine`;
  readonly #server: Server;
  readonly #uploads = new Map<number, Buffer>();
  #begun = 0;
  readonly #times = new Map<string, number>();

  static async start(behaviour: UploadBehaviour = () => false): Promise<UploadServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new UploadServer(server, behaviour);
  }

  private constructor(server: Server, behaviour: UploadBehaviour) {
    this.#server = server;
    this.host = `localhost:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      const {method = '', url = '', headers} = request;
      const time = (this.#times.get(method) ?? 0) + 1;
      this.#times.set(method, time);
      this.asked.push({
        ...{method, path: url, authorization: headers.authorization},
        range: headers['content-range'],
      });
      request.on('error', () => {});
      if (!behaviour(request, response, time)) void this.answer(request, response);
    });
  }

  methods(): string[] {
    return this.asked.filter(({path}) => path !== '/v2/').map(({method}) => method);
  }

  /** As a registry should; what has come of a body that is cut is kept. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {method = '', url = ''} = request;
    const {pathname, searchParams} = new URL(url, 'http://x');
    if (url === '/v2/') return void response.end('{}');
    if (method === 'HEAD') {
      const [digest = ''] = /sha256:[0-9a-f]+$/.exec(pathname) ?? [];
      return void response.writeHead(this.blobs.has(digest) ? 200 : 404).end();
    }
    if (method === 'POST') {
      this.#begun += 1;
      this.#uploads.set(this.#begun, Buffer.alloc(0));
      const location = `/v2/x/blobs/uploads/${this.location(this.#begun)}`;
      return void response.writeHead(202, {location}).end();
    }
    const id = Number(/uploads\/(\d+)$/.exec(pathname)?.[1]);
    const isOurs = searchParams.get('state') === `${id}/of mine`;
    if (!this.#uploads.has(id) || !isOurs) {
      const errors = [{code: 'BLOB_UPLOAD_UNKNOWN', message: 'no such upload'}];
      return void response.writeHead(404).end(JSON.stringify({errors}));
    }
    await this.take(request, id);
    const bytes = this.#uploads.get(id) ?? Buffer.alloc(0);
    const there = {location: this.location(id), range: `0-${Math.max(0, bytes.length - 1)}`};
    if (method === 'GET') return void response.writeHead(204, there).end();
    if (method === 'PATCH') return void response.writeHead(202, there).end();
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    if (searchParams.get('digest') !== digest) {
      const errors = [{code: 'DIGEST_INVALID', message: 'provided digest did not match'}];
      return void response.writeHead(400).end(JSON.stringify({errors}));
    }
    this.blobs.set(digest, bytes);
    response.writeHead(201).end();
  }

  /** Appends a body to an upload, as far as it comes, or no further than to a size. */
  async take(request: IncomingMessage, id: number, size = Number.POSITIVE_INFINITY): Promise<void> {
    try {
      for await (const chunk of request) {
        const bytes = Buffer.concat([this.#uploads.get(id) ?? Buffer.alloc(0), chunk]);
        this.#uploads.set(id, bytes.subarray(0, size));
        if (bytes.length >= size) return;
      }
    } catch {
      // It was cut.
    }
  }

  /** As if it had cleaned up. */
  forget(): void {
    this.#uploads.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
