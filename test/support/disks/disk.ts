import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { diskTool } from './tools.ts';

const mebibyte = 1024 * 1024;
const sector = 512;

/** Makes a raw disk with a GPT whose partitions have the content of these files, in their order. */
export async function makeDisk(disk: string, partitions: readonly string[]): Promise<void> {
  const sizes = partitions.map((file) => Math.ceil(statSync(file).size / mebibyte) * mebibyte);
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, one) => sum + one, mebibyte));
  writeFileSync(disk, '');
  truncateSync(
    disk,
    sizes.reduce((sum, one) => sum + one, 2 * mebibyte),
  );
  const lines = starts.map(
    (start, index) => `start=${start / sector}, size=${(sizes[index] ?? 0) / sector}, type=L`,
  );
  await diskTool('sfdisk', ['--quiet', disk], { input: ['label: gpt', ...lines, ''].join('\n') });
  for (const [index, file] of partitions.entries()) copyInto(file, disk, starts[index] ?? 0);
}

/** Leaves holes where there is nothing. */
export function copyInto(file: string, disk: string, at: number): void {
  const [from, to] = [openSync(file, 'r'), openSync(disk, 'r+')];
  try {
    const { size } = fstatSync(from);
    const block = Buffer.alloc(mebibyte);
    const zeros = Buffer.alloc(mebibyte);
    for (let offset = 0; offset < size; offset += mebibyte) {
      const piece = block.subarray(0, readSync(from, block, 0, mebibyte, offset));
      if (!piece.equals(zeros.subarray(0, piece.length))) writeSync(to, piece, 0, piece.length, at + offset);
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

export async function toQcow2(raw: string, disk: string): Promise<void> {
  await diskTool('qemu-img', ['convert', '-c', '-f', 'raw', '-O', 'qcow2', raw, disk]);
}
