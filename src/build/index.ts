import type { Host } from '../host/host.ts';
import type { BuildOptions } from './options.ts';
import type { BuildReport } from './report.ts';

export type { Comparison } from './compare/compare-images.ts';
export type { ConfigDifference } from './compare/compare-config.ts';
export type { FileDifference } from './compare/explain-files.ts';
export type { BuildEngine, BuildEngineName, Candidate } from './engines/engine.ts';
export type { BuildOptions } from './options.ts';
export { parseOutput, type Output } from './output.ts';
export type { BuildReport, BuiltPlatform, PushedIndex, StoredName } from './report.ts';
export type { BuildRequest } from './request.ts';
export { compareFound } from './verify.ts';
export type { Verified } from './verify.ts';

/** See `buildImage` in build-image.ts. */
export async function buildImage(host: Host, options: BuildOptions): Promise<BuildReport> {
  return await (await import('./build-image.ts')).buildImage(host, options);
}
