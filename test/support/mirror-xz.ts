import { crc32 } from 'node:zlib';

/**
 * Puts bytes into the .xz container without compressing them (https://tukaani.org/xz/xz-file-format.txt), so that
 * tests need no xz.
 */
export function storeXz(content: Uint8Array): Uint8Array {
  const flags = Buffer.from([0x00, 0x01]);
  const header = Buffer.concat([Buffer.from('fd377a585a00', 'hex'), flags, checksum(flags)]);
  const blockFields = Buffer.from([0x02, 0x00, 0x21, 0x01, 0x16, 0x00, 0x00, 0x00]);
  const blockHeader = Buffer.concat([blockFields, checksum(blockFields)]);
  const data = lzma2(content);
  const block = Buffer.concat([blockHeader, data, padding(data.length), checksum(content)]);
  const unpadded = blockHeader.length + data.length + 4;
  const records = Buffer.concat([Buffer.from([0x00, 0x01]), variable(unpadded), variable(content.length)]);
  const indexFields = Buffer.concat([records, padding(records.length)]);
  const index = Buffer.concat([indexFields, checksum(indexFields)]);
  const backward = Buffer.alloc(4);
  backward.writeUInt32LE(index.length / 4 - 1);
  const footerFields = Buffer.concat([backward, flags]);
  return Buffer.concat([header, block, index, checksum(footerFields), footerFields, Buffer.from('YZ')]);
}

/** Uncompressed chunks of at most 64 KiB; the first one resets the dictionary. */
function lzma2(content: Uint8Array): Buffer {
  const chunks: Uint8Array[] = [];
  for (let offset = 0; offset < content.length; offset += 0x10000) {
    const part = content.subarray(offset, offset + 0x10000);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(part.length - 1);
    chunks.push(Buffer.from([offset === 0 ? 0x01 : 0x02]), size, part);
  }
  return Buffer.concat([...chunks, Buffer.from([0x00])]);
}

function checksum(bytes: Uint8Array): Buffer {
  const result = Buffer.alloc(4);
  result.writeUInt32LE(crc32(bytes));
  return result;
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

function variable(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
