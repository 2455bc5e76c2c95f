import { writeJson } from '@millrace/spec';
import { boundedReason } from './reason.ts';

/** A record that is not what its topic's type says. The message names the field, in words, and is bounded. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  constructor(message: string) {
    super(boundedReason(message));
  }
}

/** A value as a reason quotes it: JSON, cut to a readable length. */
export const quoted = (value: unknown): string => {
  const text = writeJson(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
