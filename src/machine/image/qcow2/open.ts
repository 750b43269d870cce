import { constants, inflateRawSync } from 'node:zlib';
import type { ByteSource } from '../../../core/byte-source.ts';
import { clusterFinder, type Cluster } from './clusters.ts';
import { invalidDisk, redownload, type Qcow2Header } from './header.ts';

/** What a guest sees of the disk, as far as it can be read without QEMU: some sectors at its beginning are enough. */
export function openQcow2(file: ByteSource, header: Qcow2Header, name: string): ByteSource {
  const find = clusterFinder(file, header, name);
  const clusterBytes = 2 ** header.clusterBits;
  const content = (cluster: Cluster): Uint8Array => {
    if (cluster.kind === 'zero') return new Uint8Array(clusterBytes);
    if (cluster.kind === 'data') return file.read(cluster.offset, clusterBytes);
    return inflated(file.read(cluster.offset, cluster.bytes), header, name).subarray(0, clusterBytes);
  };
  // Tables are read in small pieces: the last cluster is kept.
  let last: { readonly index: number; readonly content: Uint8Array } | undefined;
  const readCluster = (index: number): Uint8Array => {
    if (last?.index !== index) last = { index, content: content(find(index)) };
    return last.content;
  };
  return {
    size: header.bytes,
    read: (offset, length) => {
      const result = new Uint8Array(Math.max(0, Math.min(length, header.bytes - offset)));
      for (let done = 0; done < result.length;) {
        const position = offset + done;
        const inCluster = position % clusterBytes;
        const part = Math.min(clusterBytes - inCluster, result.length - done);
        result.set(
          readCluster(Math.floor(position / clusterBytes)).subarray(inCluster, inCluster + part),
          done,
        );
        done += part;
      }
      return result;
    },
  };
}

/** Deflate without a header, in a window of 4 KiB; what follows up to the sector's end is not its own. */
function inflated(bytes: Uint8Array, { compression }: Qcow2Header, name: string): Uint8Array {
  if (compression === 'zstd') throw new UnreadableCluster('the image is compressed with zstd');
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw invalidDisk(name, 'a compressed part of it is damaged', redownload, error);
  }
}

/** The image may be all right: QEMU can read it. */
export class UnreadableCluster extends Error {}
