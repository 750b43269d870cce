/** Header of a qcow2 file that says what it lies over, and in which format, as qemu-img writes it: nothing is behind it. */
export function layeredQcow2(backing: string, format: string): Buffer {
  const extensionBytes = 8 + Math.ceil(format.length / 8) * 8;
  const nameAt = 104 + extensionBytes + 8;
  const header = Buffer.alloc(nameAt);
  header.writeUInt32BE(0x51_46_49_fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(BigInt(nameAt), 8);
  header.writeUInt32BE(backing.length, 16);
  header.writeBigUInt64BE(2n ** 30n, 24);
  header.writeUInt32BE(104, 100);
  header.writeUInt32BE(0xe2_79_2a_ca, 104);
  header.writeUInt32BE(format.length, 108);
  header.write(format, 112);
  return Buffer.concat([header, Buffer.from(backing)]);
}
