import { chmodSync, mkdirSync } from 'node:fs';
import { writeListing } from '../listing/file.ts';
import { readXattrs } from '../listing/read-xattrs.ts';
import { sha256Of, walkTree } from '../listing/walk.ts';
import { createTarReader } from '../tar/reader.ts';
import { createExtractor } from '../tree/extract.ts';
import type { Extractor } from '../tree/extract.ts';
import { fileError } from '../tree/file-error.ts';
import { createMeter } from '../tree/limits.ts';
import { flowLayer } from './layer-stream.ts';
import type { Launch } from './launcher.ts';
import { names } from './protocol.ts';
import type { Line, Request, Unpacked } from './protocol.ts';

/** Milliseconds between two reports. */
const reportMs = 200;

/** Unpacks layers to a tree in the working directory and writes the listing beside it. */
export async function unpackLayers(
  place: string,
  { layers, limits, isSingleId }: Extract<Request, { task: 'unpack' }>,
  launch: Launch,
  print: (line: Line) => void,
): Promise<Unpacked> {
  mkdirSync(`${place}/${names.tree}`);
  chmodSync(`${place}/${names.tree}`, 0o755);
  process.chdir(`${place}/${names.tree}`);
  const meter = createMeter(limits);
  const extractor = createExtractor({ launch, meter, isSingleId });
  let before = 0;
  let reported = performance.now();
  for (const [index, layer] of layers.entries()) {
    const reader = createTarReader(extractor.layer());
    await flowLayer(layer, {
      take: (piece) => {
        reader.push(piece);
      },
      count: (packed, soFar) => {
        meter.bytes(packed * (layer.share ?? 1), soFar);
        const now = performance.now();
        if (now - reported < reportMs) return;
        reported = now;
        print({ progress: { layer: index + 1, bytes: before + packed } });
      },
    });
    reader.end();
    meter.layerDone();
    before += layer.size;
  }
  try {
    extractor.finish();
    const written = writeListing(`${place}/${names.listing}`, walkTree(sourcesOf(extractor, launch)));
    const { deviceNodes, xattrs } = extractor.leftOut();
    return { ...written, deviceNodes, xattrsLeftOut: xattrs };
  } catch (error) {
    throw fileError(error, '');
  }
}

/** Contents were digested when they were written; extended attributes are read back, inodes may have been used again. */
function sourcesOf({ digests, xattrs }: Extractor, launch: Launch): Parameters<typeof walkTree>[0] {
  return {
    digest: (path, { ino }) => digests.get(ino) ?? sha256Of(path),
    xattrs: (files) =>
      readXattrs(
        launch,
        files.flatMap(({ path, inode }) =>
          [...(xattrs.get(inode)?.keys() ?? [])].map((name) => ({ path, name })),
        ),
      ),
  };
}
