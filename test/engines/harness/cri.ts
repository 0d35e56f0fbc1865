import {type ClientHttp2Session, connect} from 'node:http2';
import {connect as connectSocket} from 'node:net';
import {encodeMessage, type Fields, Message} from './protobuf.ts';

/**
 * What a kubelet says to containerd.
 *
 * @see https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto
 */
export class RuntimeService {
  readonly #session: ClientHttp2Session;

  constructor(socket: string) {
    this.#session = connect('http://localhost', {createConnection: () => connectSocket(socket)});
    this.#session.on('error', () => {});
  }

  /**
   * One call of gRPC.
   *
   * @throws {Error} with the words of the service
   */
  call(method: string, fields: Fields): Promise<Message> {
    const body = encodeMessage(fields);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length, 1);
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({
        ':method': 'POST',
        ':path': `/runtime.v1.RuntimeService/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const chunks: Buffer[] = [];
      let status: Record<string, unknown> = {};
      stream.on('response', (headers) => {
        status = headers;
      });
      stream.on('trailers', (trailers) => {
        status = trailers;
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('end', () => {
        if (status['grpc-status'] === '0') resolve(new Message(Buffer.concat(chunks).subarray(5)));
        else reject(new Error(`${method}: ${decodeURIComponent(String(status['grpc-message']))}`));
      });
      stream.end(Buffer.concat([head, body]));
    });
  }

  close(): void {
    this.#session.destroy();
  }
}
