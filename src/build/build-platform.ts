import { readFileSync } from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import { formatImagePlatform } from '../core/oci/image-platform.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { watchBasePlatform } from './base-platform.ts';
import { buildCommand } from './engines/build-command.ts';
import type { BuildEngine } from './engines/engine.ts';
import { inspectImage, isOfPlatform, readPlatform } from './engines/inspect-image.ts';
import { failureOf } from './judge-end.ts';
import { prefixedOutput } from './prefixed-output.ts';
import type { BuildRequest } from './request.ts';
import { runStep } from './run-step.ts';

export interface PlatformWish {
  readonly platform: Platform;
  /** Absolute, not there yet. */
  readonly idFile: string;
  readonly volume: string | undefined;
  /** Without acceleration, even where the engine itself adds the tool tree. */
  readonly plain: boolean;
  /** TMPDIR of the engine; undefined for the user's. */
  readonly temporary?: string | undefined;
  /** In front of each line; undefined where nothing else prints. */
  readonly prefix: string | undefined;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** An image in the engine's storage, without a name, of the platform that was asked for. */
export interface PlatformImage {
  readonly id: string;
  readonly notes: readonly string[];
}

/**
 * Builds one platform's image and looks at what came out: podman 4 and buildah take steps of another platform's build from
 * their cache where bases and files are the same, and the result is then of that platform. It is built again without the
 * cache.
 *
 * @throws AnyarchError ANYARCH_BUILD_FAILED, ANYARCH_BUILD_PLATFORM, ANYARCH_PLATFORM_NOT_FOUND, ANYARCH_DISK_FULL,
 *   ANYARCH_ENGINE_FAILED, ANYARCH_CANCELLED
 */
export async function buildPlatform(
  engine: BuildEngine,
  request: BuildRequest,
  wish: PlatformWish,
): Promise<PlatformImage> {
  const wanted = formatPlatform(wish.platform);
  const first = await buildOnce(engine, request, wish);
  if (first.isRight) return first;
  if (!request.noCache || engine.name === 'docker') {
    wish.write(`anyarch: ${wanted}: the engine's cache gave ${first.found}; building again without it\n`);
    // Docker's classic builder takes a base image of any platform that is there, unless it is told to pull.
    const pull = request.pull || engine.name === 'docker';
    const second = await buildOnce(engine, { ...request, noCache: true, pull }, wish);
    if (second.isRight) return second;
  }
  throw new AnyarchError(
    'ANYARCH_PLATFORM_NOT_FOUND',
    `${wanted} was asked for, and the image that ${engine.name} made is for ${first.found}`,
    {
      hint: 'does the last stage name a platform (FROM --platform=…), or a base image of one platform only?',
    },
  );
}

async function buildOnce(
  engine: BuildEngine,
  request: BuildRequest,
  { platform, idFile, volume, plain, temporary, prefix, write, signal }: PlatformWish,
): Promise<PlatformImage & { readonly isRight: boolean; readonly found: string }> {
  const wanted = formatPlatform(platform);
  const output = prefixedOutput(prefix, write);
  const base = watchBasePlatform();
  const end = await runStep(buildCommand(engine, request, { platform, idFile, names: [], volume }), {
    signal,
    // The stand-in for podman's and buildah's runtime asks its own environment, which no container gets.
    environment: {
      ...(plain ? { ANYARCH_ACCELERATE: '0' } : {}),
      ...(temporary === undefined ? {} : { TMPDIR: temporary }),
    },
    onOutput: (text) => {
      output.take(text);
      base.take(text);
    },
  });
  output.end();
  throwIfCancelled(signal);
  const failure = failureOf(end, wanted);
  if (failure !== undefined) throw failure;
  const wrongBase = base.wrongBase();
  if (wrongBase !== undefined)
    throw new AnyarchError('ANYARCH_PLATFORM_NOT_FOUND', `${wanted}: ${wrongBase}`, {
      hint: 'the base image is of one platform only: name another one, or leave this platform out',
    });
  const id = readId(idFile, engine);
  const inspected = await runStep(inspectImage(engine, id), { signal });
  throwIfCancelled(signal);
  const unreadable = failureOf(inspected, wanted);
  if (unreadable !== undefined) throw unreadable;
  const found = readPlatform(engine, inspected.stdout);
  return {
    id,
    notes: base.otherBases().map((text) => `${wanted}: ${text}`),
    isRight: isOfPlatform(found, platform),
    found: formatImagePlatform(found),
  };
}

/** `sha256:…`, whatever the engine writes. */
function readId(idFile: string, { name }: BuildEngine): string {
  const text = readFileSync(idFile, 'utf8').trim();
  const digits = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text)?.[1];
  if (digits !== undefined) return `sha256:${digits}`;
  throw new AnyarchError('ANYARCH_ENGINE_FAILED', `${name} has not said which image it made (--iidfile)`, {
    hint: 'please report it, with the version of the engine',
  });
}
