import { crc32c } from '../log/crc32c.ts';

/** The CRC-32C of what stands behind it in our files, as 8 hexadecimal digits. */
export function checksum(body: Buffer): string {
  return crc32c(body).toString(16).padStart(8, '0');
}
