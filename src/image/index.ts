import type { BuildHost, BuildOptions } from './build-options.ts';
import type { BuildReport } from './build.ts';
import type { Inspection } from './inspect/inspection.ts';
import type { SingleImage, SingleOutput, WrittenSingle } from './output/write-single.ts';

export { createdAt, type ImageFacts } from './annotations.ts';
export type { BuildHost, BuildOptions, OutputFormat } from './build-options.ts';
export type { BuildReport } from './build.ts';
export type { BuiltTag } from './built-tag.ts';
export { architectureTags, familyTags, parseTag, type ImageTag } from './content/tag.ts';
export { hostPlatform, platformNames, type HostPlatform } from './host-platform.ts';
export type { ContentReader } from './inspect/content-reader.ts';
export { inspectIndex } from './inspect/inspect-index.ts';
export type {
  InspectedImage,
  InspectedLayer,
  InspectedReferrer,
  InspectedTag,
  Inspection,
} from './inspect/inspection.ts';
export type { MissingEmulator } from './missing-emulators.ts';
export type { SingleImage, SingleOutput, WrittenSingle } from './output/write-single.ts';
export type { EmulatorOrigin } from './obtain-emulators.ts';
export { requireFree, writeOutput } from './output/output-place.ts';

/** See `writeSingleImage` in output/write-single.ts. */
export async function writeSingleImage(image: SingleImage, options: SingleOutput): Promise<WrittenSingle> {
  return await (await import('./output/write-single.ts')).writeSingleImage(image, options);
}

/** See `checkSingle` in output/write-single.ts. */
export async function checkSingle(
  name: string,
  options: Pick<SingleOutput, 'output' | 'format'>,
): Promise<void> {
  await (await import('./output/write-single.ts')).checkSingle(name, options);
}

/** See `buildImages` in build.ts. */
export async function buildImages(host: BuildHost, options: BuildOptions): Promise<BuildReport> {
  return await (await import('./build.ts')).buildImages(host, options);
}

/** See `inspectImages` in inspect/inspect.ts. */
export async function inspectImages(path: string): Promise<Inspection> {
  return await (await import('./inspect/inspect.ts')).inspectImages(path);
}
