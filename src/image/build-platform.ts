import type { BuildHost, BuildOptions } from './build-options.ts';
import { baseLayer } from './content/base-layer.ts';
import { emulatorLayer } from './content/emulator-layer.ts';
import type { ImageEmulator } from './content/image-emulator.ts';
import type { LayerContent } from './content/layer.ts';
import type { HostPlatform } from './host-platform.ts';
import { isForPlatform, type ImageLayer, type PlatformParts } from './image.ts';
import { buildLayer, type LayerWork } from './layers/build-layer.ts';
import { judgeMissing, missingEmulatorWarnings, type MissingEmulator } from './missing-emulators.ts';
import { obtainEmulators } from './obtain-emulators.ts';
import { findProgram, linkedLicences } from './program.ts';

export interface PlatformResult {
  readonly parts: PlatformParts;
  readonly layers: readonly (ImageLayer & { readonly cached: boolean })[];
  readonly missing: readonly MissingEmulator[];
  readonly warnings: readonly string[];
}

/** All layers that a platform's images need. */
export async function buildPlatform(
  host: BuildHost,
  platform: HostPlatform,
  options: BuildOptions,
  work: LayerWork,
): Promise<PlatformResult> {
  const program = await findProgram(options.programs, platform);
  const base = await packed(
    baseLayer(program, { own: options.licence, linked: await linkedLicences(options.programs) }),
    work,
  );
  const targets = targetsFor(platform, options);
  const { emulators, missing } = await obtainEmulators(host, platform, targets, options.emulators);
  const done: { emulator: ImageEmulator; layer: ImageLayer & { cached: boolean } }[] = [];
  const total = emulators.reduce((sum, { size }) => sum + size, 0);
  let received = 0;
  await eachOf(emulators, work.compressor.width, async (emulator, position) => {
    const layer = await packed(emulatorLayer(emulator), work);
    received += emulator.size;
    const subject = `${platform.name} ${emulator.target}`;
    options.onProgress?.({ phase: 'compress', subject, received, total });
    done[position] = { emulator, layer };
  });
  return {
    parts: {
      platform,
      program,
      base,
      emulators: new Map(done.map((one) => [one.emulator.target, one])),
    },
    layers: [...done.map(({ layer }) => layer), base],
    missing: judgeMissing(platform, options, { found: emulators.length, missing }),
    warnings: missingEmulatorWarnings(
      platform.name,
      missing.map(({ error }) => error),
    ),
  };
}

async function packed(content: LayerContent, work: LayerWork) {
  return { ...(await buildLayer(content, work)), what: content.what };
}

/** In one order, because it becomes the order of the layers. */
function targetsFor(platform: HostPlatform, { tags, targets }: BuildOptions): string[] {
  const wanted = tags
    .filter((tag) => isForPlatform(tag, platform))
    .flatMap(({ content }) => {
      if (content.kind === 'none') return [];
      return content.kind === 'one' ? [content.target] : targets;
    });
  return [...new Set(wanted)].filter((target) => target !== platform.host).sort();
}

/** Works on several items at a time; after the first failure no further one is begun, and the begun ones are awaited. */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  action: (item: T, position: number) => Promise<void>,
): Promise<void> {
  const rest = items.entries();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const [position, item] of rest) {
      if (failures.length > 0) return;
      try {
        await action(item, position);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failures.length > 0) throw failures[0];
}
