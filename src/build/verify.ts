import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { findImage } from '../image-source/index.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { buildPlatform, type PlatformWish } from './build-platform.ts';
import { compareImages, type Comparison } from './compare/compare-images.ts';
import type { BuildEngine } from './engines/engine.ts';
import { removeImage, saveImage } from './engines/image-commands.ts';
import { failureOf } from './judge-end.ts';
import { judge, type Judgement } from './judge-builds.ts';
import { plainRequest, removeTemporary, temporaryOf } from './plain-build.ts';
import type { BuildRequest } from './request.ts';
import { runStep } from './run-step.ts';

/** What building the same again without acceleration has shown. */
export interface Verified extends Judgement {
  /** Whether acceleration could have played a part at all: where it could not, nothing was proven. */
  readonly accelerated: boolean;
  /** The image with that of the second build. */
  readonly comparison: Comparison;
  /** The second build's image with that of a third, where the first comparison needed it. */
  readonly repeated?: Comparison;
}

/**
 * Builds a platform again, without acceleration, without the engine's cache and with empty cache mounts, and compares the
 * images file by file. On a difference without a known reason it is built a third time: what differs then in the same
 * way is the build's own. The further images are removed.
 *
 * @param wish as for the first build; its volume is left out
 * @throws AnyarchError as `buildPlatform` and `compareImages`
 */
export async function verifyPlatform(
  host: Host,
  engine: BuildEngine,
  request: BuildRequest,
  wish: PlatformWish & { readonly id: string; readonly accelerated: boolean },
): Promise<Verified> {
  const { accelerated } = wish;
  const made: string[] = [];
  const again = async (name: string): Promise<string> => {
    wish.write(`anyarch: ${name} build of ${wish.prefix ?? 'the image'}, without acceleration\n`);
    const idFile = `${wish.idFile}.${name}`;
    const temporary = temporaryOf(engine, idFile);
    const plain = { ...wish, idFile, temporary, volume: undefined, plain: true };
    try {
      const { id } = await buildPlatform(engine, plainRequest(engine, request), plain);
      made.push(id);
      return id;
    } finally {
      await removeTemporary(engine, temporary);
    }
  };
  try {
    const second = await again('second');
    const comparison = await compareStored(host, engine, [wish.id, second], wish);
    if (comparison.same) return { verdict: 'same', accelerated, comparison, unexplained: [], own: [] };
    const repeated = await compareStored(host, engine, [second, await again('third')], wish);
    return { ...judge(comparison, repeated), accelerated, comparison, repeated };
  } finally {
    for (const id of new Set(made)) if (id !== wish.id) await runStep(removeImage(engine, id));
  }
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
  const failure = failureOf(
    await runStep(saveImage(engine, id, path), { signal }),
    `${id} cannot be saved`,
    path,
  );
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
