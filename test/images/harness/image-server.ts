import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';

/** A registry that serves OCI layouts as they are, whatever they say; it answers what a client asks and no more. */
export class ImageServer implements AsyncDisposable {
  /** As image names begin; `host/7` is the layout in `directory/7/layout`. */
  readonly host: string;
  readonly requests: string[] = [];
  readonly #server: Server;

  static async start(directory: string): Promise<ImageServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address() as AddressInfo;
    return new ImageServer(server, `localhost:${port}`, directory);
  }

  private constructor(server: Server, host: string, directory: string) {
    this.#server = server;
    this.host = host;
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      this.requests.push(`${request.method} ${path}`);
      if (path === '/v2/') {
        response.end('{}');
        return;
      }
      const found = find(directory, path);
      if (found === undefined) {
        response.writeHead(404, {'content-type': 'application/json'});
        response.end('{"errors": [{"code": "NOT_FOUND", "message": "there is no such thing"}]}');
        return;
      }
      response.writeHead(200, {
        'content-type': found.mediaType,
        'content-length': found.bytes.length,
      });
      response.end(request.method === 'HEAD' ? undefined : found.bytes);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function find(directory: string, path: string): {bytes: Buffer; mediaType: string} | undefined {
  const [, name = '', kind, reference = ''] =
    /^\/v2\/([^/]+)\/(manifests|blobs)\/([\w:.-]+)$/.exec(path) ?? [];
  const layout = join(directory, name, 'layout');
  if (kind === undefined || !existsSync(layout)) return undefined;
  const {manifests} = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const [top] = manifests;
  const digest: string = reference.includes(':') ? reference : top.digest;
  const file = join(layout, 'blobs', digest.replace(':', '/'));
  if (!existsSync(file)) return undefined;
  const isTop = digest === top.digest;
  const mediaType = kind === 'blobs' ? 'application/octet-stream' : mediaTypeOf(file, top, isTop);
  return {bytes: readFileSync(file), mediaType};
}

function mediaTypeOf(file: string, top: {mediaType: string}, isTop: boolean): string {
  if (isTop) return top.mediaType;
  return JSON.parse(readFileSync(file, 'utf8')).mediaType ?? 'application/json';
}
