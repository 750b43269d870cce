import type * as anyarch from '../src/index.ts';
import { distribution } from './places.ts';

export type Library = typeof anyarch;

/** What users import: the build, not the sources. */
export async function loadLibrary(): Promise<Library> {
  const url = new URL('index.js', distribution).href;
  return (await import(url)) as Library;
}
