import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Digest} from '@minicontainer/image';

/** A request that came, and what it had with it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** What is done with a request; `false` for nothing, so that it is answered as it should be. */
export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  /** Which of the requests for this path it is, from 1. */
  time: number,
) => boolean | undefined;

/** One image of one layer, which is no archive: for who fetches and does not unpack. */
export interface SmallImage {
  readonly layer: Buffer;
  readonly layerDigest: Digest;
  readonly manifest: Buffer;
  readonly manifestDigest: Digest;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** A registry on loopback that does as a test tells it, and says what it was asked. */
export class HostileRegistry implements AsyncDisposable {
  readonly host: string;
  readonly asked: Asked[] = [];
  connections = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #content: ReadonlyMap<string, readonly [type: string, bytes: Buffer]>;
  readonly image: SmallImage;

  static async start(behaviour: Behaviour, image = smallImage()): Promise<HostileRegistry> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileRegistry(server, behaviour, image);
  }

  private constructor(server: Server, behaviour: Behaviour, image: SmallImage) {
    const {port} = server.address() as AddressInfo;
    this.host = `localhost:${port}`;
    this.#server = server;
    this.image = image;
    this.#content = contentOf(image);
    const times = new Map<string, number>();
    server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
    });
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      const time = (times.get(path) ?? 0) + 1;
      times.set(path, time);
      const {range, authorization} = request.headers;
      this.asked.push({method: request.method ?? '', path, range, authorization});
      // Who goes away in the middle is no failure of the server.
      response.on('error', () => {});
      if (behaviour(request, response, time) !== true) this.answer(request, response);
    });
  }

  /** For who takes it for a proxy. */
  onConnect(behaviour: (socket: Duplex) => void): void {
    this.#server.on('connect', (_request, socket: Duplex) => {
      socket.on('error', () => {});
      behaviour(socket);
    });
  }

  /** As a registry should. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    if (path === '/v2/') {
      response.end('{}');
      return;
    }
    const [type, bytes] = this.#content.get(path.replace(/^\/v2\/x/, '')) ?? [];
    if (type === undefined || bytes === undefined) {
      response.writeHead(404).end('{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "?"}]}');
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= bytes.length) {
      response.writeHead(416).end();
      return;
    }
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(from > 0 ? 206 : 200, {
      'content-type': type,
      'content-length': bytes.length - from,
      ...(from > 0 ? {'content-range': range} : {}),
    });
    response.end(bytes.subarray(from));
  }

  /** What was asked about the layer. */
  get askedForLayer(): readonly Asked[] {
    return this.asked.filter(({path}) => path.endsWith(this.image.layerDigest));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    // The server forgets those that it has given away.
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export function smallImage(
  layer: Buffer = randomBytes(3 * 1024 * 1024),
  urls?: string[],
): SmallImage {
  const layerDigest = digestOf(layer);
  const config = configOf(layerDigest);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          digest: layerDigest,
          size: layer.length,
          ...(urls === undefined ? {} : {urls}),
        },
      ],
    }),
  );
  return {layer, layerDigest, manifest, manifestDigest: digestOf(manifest)};
}

function configOf(layerDigest: Digest): Buffer {
  const rootfs = {type: 'layers', diff_ids: [layerDigest]};
  return Buffer.from(JSON.stringify({os: 'linux', architecture: 'amd64', config: {}, rootfs}));
}

function contentOf({layer, layerDigest, manifest, manifestDigest}: SmallImage) {
  const config = configOf(layerDigest);
  return new Map<string, readonly [string, Buffer]>([
    ['/manifests/latest', [manifestType, manifest]],
    [`/manifests/${manifestDigest}`, [manifestType, manifest]],
    [`/blobs/${digestOf(config)}`, ['application/octet-stream', config]],
    [`/blobs/${layerDigest}`, ['application/octet-stream', layer]],
  ]);
}

function digestOf(bytes: Buffer): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
