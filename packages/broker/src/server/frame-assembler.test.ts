import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MalformedMessage } from '../wire/malformed.ts';
import { FrameAssembler } from './frame-assembler.ts';

test('frames come out whole however the bytes were cut', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });
  fc.assert(
    fc.property(bodies, fc.integer({ min: 1, max: 20 }), (frames, cutBytes) => {
      const sent = Buffer.concat(
        frames.flatMap((body) => {
          const length = Buffer.alloc(4);
          length.writeInt32BE(body.length);
          return [length, body];
        }),
      );
      const assembler = new FrameAssembler(1_000);
      const received: Buffer[] = [];
      for (let at = 0; at < sent.length; at += cutBytes)
        received.push(...assembler.push(sent.subarray(at, at + cutBytes)));
      expect(received.map((frame) => [...frame])).toEqual(frames.map((body) => [...body]));
    }),
  );
});

test('a length that is negative or too large is malformed before any of its bytes come', () => {
  for (const hex of ['ffffffff', '000003e9']) {
    expect(() => new FrameAssembler(1_000).push(Buffer.from(hex, 'hex'))).toThrow(MalformedMessage);
  }
});
