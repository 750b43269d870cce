/** Logical block size, which every reader knows. */
export const sectorBytes = 2048;

export function sectorsOf(bytes: number): number {
  return Math.ceil(bytes / sectorBytes);
}

/** Filled up with zeros to whole sectors. */
export function padded(content: Uint8Array): Uint8Array {
  const result = new Uint8Array(sectorsOf(content.length) * sectorBytes);
  result.set(content);
  return result;
}
