import type { BuildHost, BuildOptions } from './build-options.ts';
import type { BuildReport } from './build.ts';
import type { Inspection } from './inspect/inspection.ts';

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
export type { EmulatorOrigin } from './obtain-emulators.ts';
export { requireFree, writeOutput } from './output/output-place.ts';

/** See `buildImages` in build.ts. */
export async function buildImages(host: BuildHost, options: BuildOptions): Promise<BuildReport> {
  return await (await import('./build.ts')).buildImages(host, options);
}

/** See `inspectImages` in inspect/inspect.ts. */
export async function inspectImages(path: string): Promise<Inspection> {
  return await (await import('./inspect/inspect.ts')).inspectImages(path);
}
