import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { makeLayout, sha256Hex } from '../../image/testing/layout-maker.ts';
import { testContext } from '../testing/test-context.ts';
import { handleImageInspect } from './image-inspect.ts';

/** Clears the screen in two ways, turns the text around, and begins a line that would look like ours. */
const hostile = '\x1b[2J\u009b2J\u202e\nproblem';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-inspect-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

it('lets nothing of a hostile image act upon the terminal', async () => {
  const layout = makeLayout(directory);
  const layer = Buffer.from('no tar');
  const image = layout.image([[layout.blob(layer, mediaTypes.layerTar), `sha256:${sha256Hex(layer)}`]], {
    os: hostile,
    created: hostile,
    config: { Entrypoint: [hostile], Cmd: [hostile], Env: [hostile] },
    history: [{ created_by: hostile }],
  });
  const bill = layout.blob(
    { specVersion: hostile, components: [{ name: hostile, version: hostile }] },
    mediaTypes.cycloneDx,
  );
  const referrer = (artifactType: string) =>
    layout.image([[bill, `sha256:${sha256Hex(layer)}`]], {}, { artifactType, subject: image });
  layout.finish([
    { ...image, annotations: { 'org.opencontainers.image.ref.name': hostile } },
    referrer(hostile),
    referrer(mediaTypes.cycloneDx),
    { ...image, mediaType: hostile, digest: `sha256:${'0'.repeat(64)}` },
    layout.blob({ schemaVersion: 2, mediaType: hostile, layers: [] }, mediaTypes.manifest),
  ]);
  const outcome = await handleImageInspect({
    options: {},
    positionals: [directory],
    context: testContext(fakeHost()),
  });
  const { exitCode, text = '' } = outcome;
  expect(exitCode).toBe(1);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const lines = text.split('\n');
  expect(lines.filter((line) => line.startsWith('problem'))).toHaveLength(2);
  // Tag, platform and its list in the tags' table, created, starts, environment, two referrers, the layer, two problems.
  expect(lines.filter((line) => line.includes('\\x1b[2J\\x9b2J\\u202e\\x0aproblem'))).toHaveLength(10);
});
