import {once} from 'node:events';
import {createServer, type Server} from 'node:http';
import {type AddressInfo, connect} from 'node:net';

/** A proxy that knows `CONNECT` alone, and leads every host to one port of loopback. */
export class ConnectProxy implements AsyncDisposable {
  readonly url: string;
  /** Each host and port that it was asked for, and what proved to it who asks. */
  readonly asked: {readonly host: string; readonly authorization: string | undefined}[] = [];
  readonly #server: Server;

  static async start(port: number): Promise<ConnectProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ConnectProxy(server, port);
  }

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connect', (request, socket, head) => {
      const authorization = request.headers['proxy-authorization'];
      this.asked.push({host: request.url ?? '', authorization});
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) {
        end.on('error', () => {
          upstream.destroy();
          socket.destroy();
        });
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
