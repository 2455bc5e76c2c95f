/** Bytes from a client that no version of the protocol allows. The connection that sent them is closed. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}
