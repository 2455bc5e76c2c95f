/** A record that is not what its topic's type says. The message names the field, in words. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** A value as a reason quotes it: JSON, cut to a readable length. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};
