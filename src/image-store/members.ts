import type { OpenedLayer } from './opened-image.ts';
import type { TarTaker } from './tar/reader.ts';

export type { TarTaker } from './tar/reader.ts';

/**
 * Reads a layer for somebody who looks at its members, and compares it with its digest. Nothing is written.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_FILE
 */
export async function readMembers(layer: OpenedLayer, taker: TarTaker): Promise<void> {
  const [{ createTarReader }, { flowLayer }] = await Promise.all([
    import('./tar/reader.ts'),
    import('./worker/layer-stream.ts'),
  ]);
  const reader = createTarReader(taker);
  await flowLayer(layer, {
    take: (piece) => {
      reader.push(piece);
    },
    count: () => undefined,
  });
  reader.end();
}
