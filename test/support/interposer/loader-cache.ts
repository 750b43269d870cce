/** As ldconfig of glibc 2.32 and later writes /etc/ld.so.cache (sysdeps/generic/dl-cache.h). */
export function loaderCache(paths: readonly string[], bigEndian = false): Buffer {
  const strings = Buffer.from(paths.map((path) => `${path}\0`).join(''));
  const start = 48 + 24 * paths.length;
  const bytes = Buffer.alloc(start);
  const write = (value: number, at: number): number =>
    bigEndian ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at);
  bytes.write('glibc-ld.so.cache1.1');
  write(paths.length, 20);
  write(strings.length, 24);
  let offset = start;
  for (const [index, path] of paths.entries()) {
    const entry = 48 + 24 * index;
    write(3, entry);
    write(offset + path.lastIndexOf('/') + 1, entry + 4);
    write(offset, entry + 8);
    offset += path.length + 1;
  }
  return Buffer.concat([bytes, strings]);
}
