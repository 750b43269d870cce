import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import type { OnProgress, Progress } from '../transfer/index.ts';

/** Adds up what several blobs at a time have come to. */
export function countTransfer(
  phase: Progress['phase'],
  subject: string,
  blobs: readonly Descriptor[],
  onProgress: OnProgress | undefined,
): { report(digest: Digest, bytes: number): void } {
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<Digest, number>();
  let received = 0;
  return {
    report: (digest, bytes) => {
      received += bytes - (done.get(digest) ?? 0);
      done.set(digest, bytes);
      onProgress?.({ phase, subject, received, total });
    },
  };
}
