import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfHex } from '../../core/oci/digest.ts';
import { parseImageConfig } from '../../core/oci/image-config.ts';
import type { OpenedImage, OpenedLayer } from '../opened-image.ts';

let count = 0;

/** A layer in a file of its own, as it is or packed. */
export function layerFile(directory: string, tar: Buffer, packed: Buffer = tar): OpenedLayer {
  count += 1;
  const path = join(directory, `layer-${count}`);
  writeFileSync(path, packed, { mode: 0o644 });
  const diffId = digestOfHex(createHash('sha256').update(tar).digest('hex'));
  return { diffId, path, offset: 0, size: packed.length };
}

export function openedImage(layers: readonly OpenedLayer[], reference = 'test:latest'): OpenedImage {
  const configText = JSON.stringify({
    os: 'linux',
    architecture: 'arm64',
    config: { Cmd: ['sh'], Labels: { reference } },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  });
  return {
    reference,
    digest: digestOfHex(createHash('sha256').update(configText).digest('hex')),
    platform: { os: 'linux', architecture: 'arm64' },
    config: parseImageConfig(configText, 'test'),
    configText,
    layers,
  };
}
