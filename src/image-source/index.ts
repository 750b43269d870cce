import type { Host } from '../host/host.ts';
import type { FindOptions } from './find-image.ts';
import type { FoundImage } from './found-image.ts';
import type { ObtainedImage, ObtainOptions } from './obtain-image.ts';

export {
  containerCommand,
  containerDirectory,
  containerEnvironment,
  containerUser,
} from './container-process.ts';
export { storedReferences, withoutEngineDigest } from './stored-references.ts';
export type { ContainerWishes } from './container-process.ts';
export { programArchitecture } from './program-architecture.ts';
export type { ProgramArchitecture } from './program-architecture.ts';
export type { FindOptions } from './find-image.ts';
export type { FoundImage } from './found-image.ts';
export type { ObtainedImage, ObtainOptions } from './obtain-image.ts';
export { makeWorkDirectory } from './work-directory.ts';

/** See `obtainImage` in obtain-image.ts. Most of what it can do is loaded when it is needed. */
export async function obtainImage(host: Host, text: string, options: ObtainOptions): Promise<ObtainedImage> {
  return await (await import('./obtain-image.ts')).obtainImage(host, text, options);
}

/** See `findImage` in find-image.ts. */
export async function findImage(host: Host, text: string, options: FindOptions): Promise<FoundImage> {
  return await (await import('./find-image.ts')).findImage(host, text, options);
}
