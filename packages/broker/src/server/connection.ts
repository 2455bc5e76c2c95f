/**
 * One client's connection. Requests are taken one at a time and answered in the order they came, as Kafka does: one
 * that waits (a long poll, a join) parks those behind it. While a request is under way the stream is not read beyond
 * a few frames, and while the client does not take its answers no request is begun, so a connection holds little
 * memory whatever its client does.
 */
import type { Duplex } from 'node:stream';
import type { Broker } from '../broker.ts';
import { reasonOf } from '../log-line.ts';
import { MalformedMessage } from '../wire/malformed.ts';
import { dispatch } from './dispatcher.ts';
import { FrameAssembler } from './frame-assembler.ts';

/** The stream is read no further while so many requests wait, or so many bytes of them. */
const maxWaitingFrames = 8;
const maxWaitingBytes = 4 * 1024 * 1024;

export class Connection {
  readonly #stream: Duplex;
  readonly #broker: Broker;
  readonly #assembler: FrameAssembler;
  readonly #waiting: Buffer[] = [];
  readonly #closing = new AbortController();
  readonly #peer: string;
  #working = false;
  #onDrain: (() => void) | undefined;

  constructor(stream: Duplex, peer: string, broker: Broker) {
    this.#stream = stream;
    this.#peer = peer;
    this.#broker = broker;
    this.#assembler = new FrameAssembler(broker.config.maxRequestBytes);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('drain', () => this.#onDrain?.());
    stream.on('error', (error) => this.#close(`failed: ${error.message}`));
    stream.on('close', () => this.#close(null));
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
    if (this.#hasEnough()) this.#stream.pause();
    if (!this.#working) void this.#work(); // It handles its own failures.
  }

  #hasEnough(): boolean {
    let waitingBytes = 0;
    for (const frame of this.#waiting) waitingBytes += frame.length;
    return this.#waiting.length >= maxWaitingFrames || waitingBytes >= maxWaitingBytes;
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
        if (this.#stream.isPaused() && !this.#hasEnough()) this.#stream.resume();
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
    this.#stream.cork();
    let flowing = true;
    for (const chunk of chunks) flowing = this.#stream.write(chunk);
    this.#stream.uncork();
    if (flowing || !this.#stream.writableNeedDrain) return;
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
    this.#stream.destroy();
  }
}
