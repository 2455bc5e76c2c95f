/** The clients that do not behave. */
import { connect, type Socket } from 'node:net';
import { metadata } from '../../src/apis/03-metadata.ts';
import type { Random } from '../random.ts';
import { framedRequest } from './purposeful.ts';

/** Connections that take frames at the same time; a request may park its own for as long as it lives. */
const poolSize = 32;
/** Connections left in the midst of a frame; beyond so many the oldest is ended. */
const maxHalfway = 100;

export class Crowd {
  readonly #port: number;
  readonly #maxRequestBytes: number;
  readonly #pool: (Socket | undefined)[] = [];
  readonly #halfway: Socket[] = [];
  readonly #others: Socket[] = [];
  connectionCount = 0;

  constructor(port: number, maxRequestBytes: number) {
    this.#port = port;
    this.#maxRequestBytes = maxRequestBytes;
  }

  /** Over a connection of the pool, a new one in the place of one that has ended. */
  send(frame: Buffer, random: Random): void {
    const at = random.below(poolSize);
    let socket = this.#pool[at];
    if (socket === undefined || socket.destroyed || random.chance(20)) {
      socket?.destroy();
      socket = this.#connect();
      socket.on('data', () => {});
      this.#pool[at] = socket;
    }
    socket.write(frame);
    const isWhole = frame.length >= 4 && frame.readInt32BE(0) === frame.length - 4;
    if (isWhole) return;
    // What came next would be taken for the rest of the frame.
    this.#pool[at] = undefined;
    this.#halfway.push(socket);
    if (this.#halfway.length > maxHalfway) this.#halfway.shift()?.destroy();
  }

  /** Claims a request as long as it may be, sends some of it, and waits. */
  hang(random: Random): void {
    const head = Buffer.alloc(4);
    head.writeInt32BE(this.#maxRequestBytes, 0);
    const socket = this.#connect();
    socket.write(Buffer.concat([head, random.bytes(random.below(2_000))]));
    this.#others.push(socket);
  }

  /** Asks again and again for what takes room to answer, and never reads. */
  deafen(): void {
    const socket = this.#connect();
    socket.pause();
    const ask = framedRequest(metadata, 1, { ...metadata.request.empty, topics: null });
    for (let i = 0; i < 20_000; i += 1) socket.write(ask);
    this.#others.push(socket);
  }

  leave(): void {
    for (const socket of [...this.#pool, ...this.#halfway, ...this.#others]) socket?.destroy();
  }

  #connect(): Socket {
    this.connectionCount += 1;
    const socket = connect(this.#port, '127.0.0.1');
    socket.setMaxListeners(0); // A write before it is connected listens for that.
    socket.on('error', () => {}); // The broker may end it at any time.
    return socket;
  }
}
