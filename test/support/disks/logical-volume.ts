import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { writeSync, openSync, closeSync } from 'node:fs';
import { copyInto } from './disk.ts';

const mebibyte = 1024 * 1024;
const sector = 512;
const extentSectors = 8192;
/** Of the text that describes the group. */
const area = { offset: 4096, bytes: mebibyte - 4096 };

/**
 * A physical volume of LVM with a group `vg0` and one volume `root` that has the content of a file. Making one with lvm(8) would
 * take a block device. The format: lvm2's lib/format_text/layout.h and lib/label/label.h.
 */
export function makeLogicalVolume(file: string, content: string): void {
  const extents = Math.ceil(statSync(content).size / (extentSectors * sector));
  const bytes = mebibyte + extents * extentSectors * sector;
  const text = Buffer.from(`${description(bytes / sector, extents)}\0`, 'latin1');
  writeFileSync(file, '');
  truncateSync(file, bytes);
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, label(bytes), 0, sector, sector);
    writeSync(handle, areaHeader(text), 0, sector, area.offset);
    writeSync(handle, text, 0, text.length, area.offset + sector);
  } finally {
    closeSync(handle);
  }
  copyInto(content, file, mebibyte);
}

function label(bytes: number): Buffer {
  const header = Buffer.alloc(sector);
  header.write('LABELONE', 0, 'latin1');
  header.writeBigUInt64LE(1n, 8);
  header.writeUInt32LE(32, 20);
  header.write('LVM2 001', 24, 'latin1');
  header.write(identity('p'), 32, 'latin1');
  header.writeBigUInt64LE(BigInt(bytes), 64);
  // Where data begin, an end of the list; where the text is, an end of the list.
  header.writeBigUInt64LE(BigInt(mebibyte), 72);
  header.writeBigUInt64LE(BigInt(area.offset), 104);
  header.writeBigUInt64LE(BigInt(area.bytes), 112);
  header.writeUInt32LE(checksum(header.subarray(20)), 16);
  return header;
}

function areaHeader(text: Buffer): Buffer {
  const header = Buffer.alloc(sector);
  header.write(' LVM2 x[5A%r0N*>', 4, 'latin1');
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(area.offset), 24);
  header.writeBigUInt64LE(BigInt(area.bytes), 32);
  header.writeBigUInt64LE(BigInt(sector), 40);
  header.writeBigUInt64LE(BigInt(text.length), 48);
  header.writeUInt32LE(checksum(text), 56);
  header.writeUInt32LE(checksum(header.subarray(4)), 0);
  return header;
}

function description(sectors: number, extents: number): string {
  return `contents = "Text Format Volume Group"
version = 1
description = ""
creation_host = "test"
creation_time = 1
vg0 {
id = "${dashed('g')}"
seqno = 1
format = "lvm2"
status = ["RESIZEABLE", "READ", "WRITE"]
flags = []
extent_size = ${extentSectors}
max_lv = 0
max_pv = 0
metadata_copies = 0
physical_volumes {
pv0 {
id = "${dashed('p')}"
device = "/dev/vda1"
status = ["ALLOCATABLE"]
flags = []
dev_size = ${sectors}
pe_start = ${mebibyte / sector}
pe_count = ${extents}
}
}
logical_volumes {
root {
id = "${dashed('r')}"
status = ["READ", "WRITE", "VISIBLE"]
flags = []
segment_count = 1
segment1 {
start_extent = 0
extent_count = ${extents}
type = "striped"
stripe_count = 1
stripes = ["pv0", 0]
}
}
}
}
`;
}

function identity(letter: string): string {
  return letter.repeat(32);
}

function dashed(letter: string): string {
  return [6, 4, 4, 4, 4, 4, 6].map((length) => letter.repeat(length)).join('-');
}

/** CRC-32 with a start of its own, and not inverted at the end. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xf597a6cf;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320);
  }
  return crc >>> 0;
}
