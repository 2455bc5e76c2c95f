/** `name` is the field before it, where there is one. */
const notANumber = /(?:"(?<name>[^"\\]{1,200})"\s*:|[[,]|^)\s*(?<word>[+-]?(?:NaN|Infinity))\s*(?:[,\]}]|$)/;
const maxLooked = 10_000;
const schemaIdBytes = 5;

/**
 * What bytes are that are no JSON, in words: nothing at all, the framing of another serializer, a number that JSON does not have. Null: it is not
 * known.
 */
export const notJson = (bytes: Buffer): string | null => {
  if (bytes.length === 0) return 'the record is empty';
  if (bytes[0] === 0 && bytes.length >= schemaIdBytes)
    return `not JSON: framed for a schema registry (magic byte 0, schema id ${bytes.readUInt32BE(1)}), as Confluent's Avro serializer writes it`;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return 'not JSON: UTF-16 text (by its byte order mark), where UTF-8 is due';
  const text = bytes.toString('utf8', 0, maxLooked);
  if (bytes.length <= maxLooked && text.trim() === '') return 'the record is blank';
  const found = notANumber.exec(text)?.groups;
  if (found === undefined) return null;
  return `not JSON: ${found['name'] ?? 'a value'} is ${found['word']}, a number that JSON does not have; write null instead`;
};

/** The bytes behind a byte order mark, which some writers put before UTF-8. */
export const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
