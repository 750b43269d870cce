import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { systemCall } from '../../host/node/system-call.ts';

const blockSize = 64 * 1024;

/**
 * A copy that takes space only where something else than zeros is: UEFI's variables are 64 MiB of nearly nothing.
 *
 * @param to a new file, for this user only
 * @throws SystemError EEXIST where there is one, ENOSPC …
 */
export function copySparse(from: string, to: string): void {
  const source = systemCall('open', from, () => openSync(from, 'r'));
  try {
    systemCall('write', to, () => {
      const target = openSync(to, 'wx', 0o600);
      try {
        ftruncateSync(target, copyBlocks(source, target));
        fsyncSync(target);
      } finally {
        closeSync(target);
      }
    });
  } finally {
    closeSync(source);
  }
}

/** @returns bytes altogether */
function copyBlocks(source: number, target: number): number {
  const block = Buffer.alloc(blockSize);
  const zeros = Buffer.alloc(blockSize);
  for (let offset = 0; ;) {
    const count = readSync(source, block, 0, blockSize, offset);
    if (count === 0) return offset;
    const filled = block.subarray(0, count);
    for (let done = filled.equals(zeros.subarray(0, count)) ? count : 0; done < count;)
      done += writeSync(target, filled, done, count - done, offset + done);
    offset += count;
  }
}
