import { decodeUtf8 } from '../../../core/text.ts';

/** Bytes of a header, and what contents are filled up to. */
const blockSize = 512;

/** Headers that are about the file that follows: pax, and GNU's long names. */
const aboutTheNext = 'xgLK';

/**
 * The content of the first member of a tar archive, as far as the archive goes; undefined where that is no regular file. Synchronous, of an
 * archive that is cut off (POSIX.1-2017, pax, "ustar Interchange Format").
 */
export function firstFileIn(archive: Uint8Array): Uint8Array | undefined {
  let offset = 0;
  while (offset + blockSize <= archive.length) {
    const header = archive.subarray(offset, offset + blockSize);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = sizeIn(header);
    const content = offset + blockSize;
    if (type === '0' || type === '\0') return archive.subarray(content, content + size);
    if (!aboutTheNext.includes(type)) return undefined;
    offset = content + Math.ceil(size / blockSize) * blockSize;
  }
  return undefined;
}

/** Bytes. Octal digits; GNU and Go write what has more than eleven of them as a binary number, which is more than anybody reads. */
function sizeIn(header: Uint8Array): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Infinity;
  const digits = decodeUtf8(field).replace(/[\0 ].*$/s, '');
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}
