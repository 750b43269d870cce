import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { directory, textFile } from '../content/entry.ts';
import { layerIdentity, type LayerContent } from '../content/layer.ts';
import { buildLayer } from './build-layer.ts';
import { openLayerCache } from './cache.ts';
import { packings } from './compression.ts';
import { openCompressor } from './compressor.ts';

let place: string;
let layer: LayerContent;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'anyarch-layer-'));
  // Longer than one piece, and neither all the same nor random.
  const content = Array.from({ length: 20_000 }, (_, n) => String((n * n) % 9973)).join(' ');
  const file = join(place, 'file');
  writeFileSync(file, content);
  const sha256 = createHash('sha256').update(content).digest('hex');
  layer = {
    what: 'sample',
    entries: [
      {
        kind: 'file',
        path: 'usr/bin/file',
        mode: 0o755,
        content: { kind: 'disk', file, size: content.length, sha256 },
      },
      { kind: 'link', path: 'usr/bin/same', target: 'usr/bin/file' },
      { kind: 'symlink', path: 'bin', target: 'usr/bin' },
      textFile(`usr/share/${'long/'.repeat(40)}näme`, 'text'),
      directory('tmp', 0o1777),
    ],
  };
});
afterAll(() => {
  rmSync(place, { recursive: true });
});

// Another digest here means other images for everybody: tell users, and raise the count in layerIdentity or the
// packing's id, or else caches keep layers that nobody else gets.
it.each([
  ['none', '1502a4f4da688175ab168ec62877b45acf74fff4179d28d9366acb403298cc77'],
  ['gzip', '591dd80f33d3f295699ee4875a2db2a6974757c2e6c28c258429bbf94b23b36b'],
  ['zstd', 'dab2dd1fe4c412ed256e0313db263815ec9498db91823615e4d16945f688a62c'],
] as const)('a layer with %s has the digest that it has had before', async (compression, digest) => {
  const packing = packings[compression];
  const compressor = openCompressor(packing);
  const cache = await openLayerCache(join(place, 'layers'));
  try {
    const built = await buildLayer(layer, { cache, compressor, packing, signal: undefined });
    expect(built).toMatchObject({ cached: false, digest: `sha256:${digest}` });
    expect(built.diffId).toBe('sha256:1502a4f4da688175ab168ec62877b45acf74fff4179d28d9366acb403298cc77');
  } finally {
    await compressor.close();
  }
});

it('keeps layers by the versions of what packs them, which are pinned', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(layerIdentity({ what: '', entries: [] })).toContain(`"tar-stream-${dependencies['tar-stream']}-`);
  expect(packings.gzip.id).toContain(`fflate-${dependencies['fflate']}-`);
  expect(packings.zstd.id).toContain(`zstd-wasm-${dependencies['@bokuweb/zstd-wasm']}-`);
});
