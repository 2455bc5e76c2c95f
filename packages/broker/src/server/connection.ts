/**
 * One client's connection. Requests are taken one at a time and answered in the order they came, as Kafka does: one
 * that waits (a long poll, a join) parks those behind it. While a request is under way the socket is not read beyond
 * a few frames, and while the client does not take its answers no request is begun, so a connection holds little
 * memory whatever its client does.
 */
import type { Socket } from 'node:net';
import type { Broker } from '../broker.ts';
import { reasonOf } from '../log-line.ts';
import { MalformedMessage } from '../wire/malformed.ts';
import { dispatch } from './dispatcher.ts';
import { FrameAssembler } from './frame-assembler.ts';

/** The socket is read no further while so many requests wait. */
const maxWaitingFrames = 8;

export class Connection {
  readonly #socket: Socket;
  readonly #broker: Broker;
  readonly #assembler: FrameAssembler;
  readonly #waiting: Buffer[] = [];
  readonly #closing = new AbortController();
  readonly #peer: string;
  #working = false;
  #onDrain: (() => void) | undefined;

  constructor(socket: Socket, broker: Broker) {
    this.#socket = socket;
    this.#broker = broker;
    this.#assembler = new FrameAssembler(broker.config.maxRequestBytes);
    this.#peer = socket.remoteAddress ?? 'unknown';
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('drain', () => this.#onDrain?.());
    socket.on('error', (error) => this.#close(`failed: ${error.message}`));
    socket.on('close', () => this.#close(null));
  }

  /** Drops the connection and every wait on it. */
  close(): void {
    this.#close(null);
  }

  #receive(chunk: Buffer): void {
    try {
      this.#waiting.push(...this.#assembler.push(chunk));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#close(`sent ${error.message}`);
      return;
    }
    if (this.#waiting.length >= maxWaitingFrames) this.#socket.pause();
    if (!this.#working) void this.#work(); // It handles its own failures.
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
        const answer = await dispatch(frame, {
          broker: this.#broker,
          clientHost: this.#peer,
          signal: this.#closing.signal,
        });
        if (this.#closing.signal.aborted) return;
        if (answer !== null) await this.#send(answer);
        if (this.#waiting.length < maxWaitingFrames && this.#socket.isPaused()) this.#socket.resume();
      }
    } catch (error) {
      if (error instanceof MalformedMessage) this.#close(`sent what is no request: ${error.message}`);
      else {
        this.#broker.log(
          'error',
          `a request from ${this.#peer} failed: ${error instanceof Error ? error.stack : reasonOf(error)}`,
        );
        this.#close('met a failure of the broker');
      }
    } finally {
      this.#working = false;
    }
  }

  async #send(chunks: readonly Buffer[]): Promise<void> {
    this.#socket.cork();
    let flowing = true;
    for (const chunk of chunks) flowing = this.#socket.write(chunk);
    this.#socket.uncork();
    if (flowing || !this.#socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#onDrain = resolve;
    });
    this.#onDrain = undefined;
  }

  #close(complaint: string | null): void {
    if (this.#closing.signal.aborted) return;
    if (complaint !== null) this.#broker.log('warn', `the connection from ${this.#peer} ${complaint}`);
    this.#waiting.length = 0;
    this.#closing.abort();
    this.#onDrain?.();
    this.#socket.destroy();
  }
}
