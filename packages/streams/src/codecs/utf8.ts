import { isUtf8 } from 'node:buffer';
import { DecodeError } from './decode-error.ts';

/** Bytes as text: never with a mark in the place of what is none, which would make one key of many. @throws DecodeError */
export const utf8Text = (bytes: Buffer, name: string): string => {
  if (isUtf8(bytes)) return bytes.toString();
  throw new DecodeError(`${name} is not UTF-8 text: ${badByte(bytes)}`);
};

/** The first byte that does not belong, by halving: what comes before it may end in the midst of a character. */
const badByte = (bytes: Buffer): string => {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (beginsWell(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return `byte ${good} is 0x${(bytes[good] ?? 0).toString(16).padStart(2, '0')}`;
};

/** Whether bytes may go on to be UTF-8. */
const beginsWell = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false; // TextDecoder has no other way to say it
  }
};
