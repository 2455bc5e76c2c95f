import type { z } from 'zod';
import { Refusal } from './refusal.ts';

/** Room for a document of 1 M characters, escaped as JSON. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** The body, read and parsed. An empty one reads as `{}`. @throws Refusal 400 `bad-request`, 413 `too-large` */
export async function readBody<S extends z.ZodType>(request: Request, schema: S): Promise<z.output<S>> {
  const text = (await readBytes(request)).toString('utf8');
  let json: unknown;
  try {
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new Refusal(
      400,
      'bad-request',
      `The body is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new Refusal(400, 'bad-request', `The body is not what this route takes. ${said.join('; ')}`);
}

/** The body as it is; empty where there is none. @throws Refusal 413 `too-large` */
export async function readBytes(request: Request): Promise<Buffer> {
  const tooLarge = () => new Refusal(413, 'too-large', `The body has more than ${maxBodyBytes / 1024 / 1024} MB`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge();
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The length that was announced need not be the length that comes.
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    // as: the DOM's type lacks Node's iterator
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
