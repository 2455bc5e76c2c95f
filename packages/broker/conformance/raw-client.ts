/** A client that sends any request in any version, by the broker's own schemas, and reads the answers in order. */
import { connect, type Socket } from 'node:net';
import type { TypedApi } from '../src/apis/api.ts';
import { FrameAssembler } from '../src/server/frame-assembler.ts';
import { writeRequestHeader } from '../src/wire/header.ts';
import { Reader } from '../src/wire/reader.ts';
import { Writer } from '../src/wire/writer.ts';

const apiVersionsKey = 18;
const maxAnswerBytes = 64 * 1024 * 1024;

/** The broker has ended the connection, or died: whether it carried out what it was asked last is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor() {
    super('the broker closed the connection');
  }
}

export class RawClient {
  readonly #socket: Socket;
  readonly #assembler = new FrameAssembler(maxAnswerBytes);
  readonly #frames: Buffer[] = [];
  readonly #waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void }[] = [];
  #correlationId = 0;
  #ended = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      for (const frame of this.#assembler.push(chunk)) {
        const waiter = this.#waiting.shift();
        if (waiter === undefined) this.#frames.push(frame);
        else waiter.resolve(frame);
      }
    });
    socket.on('error', () => {}); // `close` follows, and tells those who wait.
    socket.on('close', () => {
      this.#ended = true;
      for (const { reject } of this.#waiting.splice(0)) reject(new ConnectionLost());
    });
  }

  static connect(broker: string): Promise<RawClient> {
    const [host = '', port = ''] = broker.split(':');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host, () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a request and answers its correlation id. */
  send<Req, Res>(api: TypedApi<Req, Res>, version: number, request: Req): number {
    this.#correlationId += 1;
    const { flexible, request: codec } = api.codecs(version);
    const writer = new Writer();
    const header = { apiKey: api.key, apiVersion: version, correlationId: this.#correlationId };
    writeRequestHeader(writer, header, 'raw', flexible);
    codec.write(writer, request);
    this.bytes(Buffer.concat(writer.frame()));
    return this.#correlationId;
  }

  bytes(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next frame from the broker, without its length; rejects when the connection ends first. */
  frame(): Promise<Buffer> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#ended) return Promise.reject(new ConnectionLost());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The next answer, which must be to a request of this API and version; every byte of it must have a meaning. */
  async answer<Req, Res>(api: TypedApi<Req, Res>, version: number): Promise<{ correlationId: number; body: Res }> {
    const reader = new Reader(await this.frame());
    const correlationId = reader.int32();
    const flexible = version >= api.flexibleFrom;
    if (flexible && api.key !== apiVersionsKey) reader.skipTaggedFields();
    const body = api.response.at({ number: version, flexible }).read(reader);
    if (reader.remaining > 0) throw new Error(`${reader.remaining} bytes after the answer to ${api.name} v${version}`);
    return { correlationId, body };
  }

  async call<Req, Res>(api: TypedApi<Req, Res>, version: number, request: Req): Promise<Res> {
    this.send(api, version, request);
    return (await this.answer(api, version)).body;
  }

  close(): void {
    this.#socket.destroy();
  }
}
