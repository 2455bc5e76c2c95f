/** Cuts the bytes of a connection into frames: a length of 4 bytes, then so many bytes. */
import { MalformedMessage } from '../wire/malformed.ts';

export class FrameAssembler {
  readonly #maxFrameBytes: number;
  /** What has come of the next frame; memory is taken for bytes that came, never for a length that was claimed. */
  #parts: Buffer[] = [];
  #haveBytes = 0;
  #wantBytes = 4;
  #inBody = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** The frames that this chunk completes, without their lengths. Throws MalformedMessage for a bad length. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let rest = chunk;
    while (this.#haveBytes + rest.length >= this.#wantBytes) {
      const takenBytes = this.#wantBytes - this.#haveBytes;
      const whole = this.#take(rest.subarray(0, takenBytes));
      rest = rest.subarray(takenBytes);
      if (this.#inBody) frames.push(whole);
      this.#inBody = !this.#inBody;
      this.#wantBytes = this.#inBody ? this.#checked(whole.readInt32BE(0)) : 4;
    }
    if (rest.length > 0) {
      this.#parts.push(rest);
      this.#haveBytes += rest.length;
    }
    return frames;
  }

  #take(last: Buffer): Buffer {
    const whole = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    this.#haveBytes = 0;
    return whole;
  }

  #checked(lengthBytes: number): number {
    if (lengthBytes < 0 || lengthBytes > this.#maxFrameBytes) {
      throw new MalformedMessage(`a frame of ${lengthBytes} bytes, where 0 to ${this.#maxFrameBytes} are taken`);
    }
    return lengthBytes;
  }
}
