export { applyFiles } from './apply.ts';
export { installedFiles, recordedPaths, type InstalledFile } from './installed.ts';
export { planFiles, type FileAction, type FileOptions } from './plan.ts';
export { removeFiles } from './remove-files.ts';
export { restorer } from './restore.ts';
export { writeFailure } from './refusal.ts';
export { sha256 } from './sha256.ts';
export type { Content, Feature, WantedFile } from './wanted.ts';
