import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { findImage } from '../image-source/index.ts';
import { throwIfCancelled } from '../transfer/index.ts';
import { buildPlatform, type PlatformWish } from './build-platform.ts';
import { compareImages, type Comparison } from './compare/compare-images.ts';
import type { BuildEngine } from './engines/engine.ts';
import { removeImage, saveImage } from './engines/image-commands.ts';
import { failureOf } from './judge-end.ts';
import type { BuildRequest } from './request.ts';
import { runStep } from './run-step.ts';

/** What building the same again without acceleration has shown. */
export interface Verified {
  /**
   * `same`: nothing differs without a reason; `own`: what differs does so between builds without acceleration, too;
   * `different`: something differs that does not.
   */
  readonly verdict: 'same' | 'own' | 'different';
  /** The image with that of the second build. */
  readonly comparison: Comparison;
  /** The second build's image with that of a third, where the first comparison needed it. */
  readonly repeated?: Comparison;
  /** Files and fields that differ, without a known reason, and not between builds without acceleration. */
  readonly unexplained: readonly string[];
  /** Those that differ in each build: nothing can be said about them. */
  readonly own: readonly string[];
}

/**
 * Builds a platform again, without acceleration and without the engine's cache, and compares the images file by file. On a
 * difference without a known reason it is built a third time: what differs then, too, is the build's own. The further
 * images are removed.
 *
 * @param wish as for the first build; its volume is left out
 * @throws AnyarchError as `buildPlatform` and `compareImages`
 */
export async function verifyPlatform(
  host: Host,
  engine: BuildEngine,
  request: BuildRequest,
  wish: PlatformWish & { readonly id: string },
): Promise<Verified> {
  const again = async (name: string): Promise<string> => {
    wish.write(`anyarch: ${name} build of ${wish.prefix ?? 'the image'}, without acceleration\n`);
    const plain = { ...request, noCache: true, pull: false };
    const idFile = `${wish.idFile}.${name}`;
    return (await buildPlatform(engine, plain, { ...wish, idFile, volume: undefined, plain: true })).id;
  };
  const made: string[] = [];
  try {
    const second = await again('second');
    made.push(second);
    const comparison = await compareStored(host, engine, [wish.id, second], wish);
    if (comparison.same) return { verdict: 'same', comparison, unexplained: [], own: [] };
    const third = await again('third');
    made.push(third);
    const repeated = await compareStored(host, engine, [second, third], wish);
    return { ...judge(comparison, repeated), comparison, repeated };
  } finally {
    for (const id of new Set(made)) if (id !== wish.id) await runStep(removeImage(engine, id));
  }
}

/** What differs between builds without acceleration cannot be held against acceleration. */
export function judge(
  comparison: Comparison,
  repeated: Comparison,
): Pick<Verified, 'verdict' | 'unexplained' | 'own'> {
  const known = new Set(namesOf(repeated));
  const names = namesOf(comparison);
  const unexplained = names.filter((name) => !known.has(name));
  const own = names.filter((name) => known.has(name));
  return {
    verdict: unexplained.length > 0 ? 'different' : own.length > 0 ? 'own' : 'same',
    unexplained,
    own,
  };
}

function namesOf({ config, files }: Comparison): string[] {
  return [
    ...config.filter(({ explained }) => explained === undefined).map(({ field }) => field),
    ...files.filter(({ explained }) => explained === undefined).map(({ path }) => `/${path}`),
  ];
}

async function compareStored(
  host: Host,
  engine: BuildEngine,
  [first, second]: readonly [string, string],
  { idFile, signal }: PlatformWish,
): Promise<Comparison> {
  const files = [`${idFile}.a.tar`, `${idFile}.b.tar`] as const;
  try {
    await save(engine, first, files[0], signal);
    await save(engine, second, files[1], signal);
    return await compareFound(host, [`docker-archive:${files[0]}`, `docker-archive:${files[1]}`], {
      directory: join(idFile, '..'),
      signal,
    });
  } finally {
    for (const path of files) await rm(path, { force: true });
  }
}

async function save(
  engine: BuildEngine,
  id: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failure = failureOf(await runStep(saveImage(engine, id, path), { signal }), `${id} cannot be saved`);
  throwIfCancelled(signal);
  if (failure !== undefined) throw failure;
}

/** Opens two images of any spelling and compares them. */
export async function compareFound(
  host: Host,
  [first, second]: readonly [string, string],
  options: Parameters<typeof findImage>[2],
): Promise<Comparison> {
  const a = await findImage(host, first, options);
  try {
    const b = await findImage(host, second, options);
    try {
      for (const one of [a, b]) await one.claim();
      return await compareImages(await a.open(), await b.open(), options.signal);
    } finally {
      await b.close(true);
    }
  } finally {
    await a.close(true);
  }
}
