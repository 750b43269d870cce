import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { isDigest } from '../core/oci/digest.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { isRecord } from '../core/json.ts';
import { quote } from '../core/text.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { ProcessResult } from '../host/processes.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { chooseByPlatform } from './choose-platform.ts';
import { findInArchive } from './find-in-archive.ts';
import type { FoundImage, SourceHost, SourceOptions } from './found-image.ts';
import type { EngineKind } from './image-name.ts';
import { elsewhere, makeWorkDirectory } from './work-directory.ts';

/** An image that an engine has, before anything of it is read. */
export interface EngineImage {
  /** `containers-storage:alpine@sha256:…`: changes whenever the name comes to mean another image. */
  readonly reference: string;
  readonly platform: ImagePlatform;
  /** Has the engine save it. @throws as `findInArchive` */
  find(): Promise<FoundImage>;
}

const engines = { 'containers-storage': 'podman', 'docker-daemon': 'docker' } as const;

/**
 * Asks podman or docker for an image. Their storage is not read directly: its files belong to subordinate ids, and what it
 * looks like is the engine's own business, which changes.
 *
 * @throws AnyarchError ANYARCH_IMAGE_NOT_FOUND
 */
export function askEngine(
  { processes }: Pick<SourceHost, 'processes'>,
  { kind, engineName }: { readonly kind: EngineKind; readonly engineName: string },
  options: SourceOptions,
): EngineImage {
  const engine = engines[kind];
  const result = processes.run([engine, 'image', 'inspect', '--', engineName]);
  if (result.exitCode !== 0) throw notThere(engine, engineName, result);
  const { id, platform } = readInspection(result.stdout, engine);
  // Docker's newer storage has several platforms under one name and tells about one.
  if (engine === 'podman') chooseByPlatform([{ platform, isOwnWord: true }], options.wanted, engineName);
  const reference = `${kind}:${engineName}@${id}`;
  return {
    reference,
    platform,
    find: () => findSaved(engine, engineName, reference, options),
  };
}

async function findSaved(
  engine: string,
  name: string,
  reference: string,
  options: SourceOptions,
): Promise<FoundImage> {
  const directory = await makeWorkDirectory(options.workDirectory);
  const path = join(directory, 'image.tar');
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const format = engine === 'podman' ? ['--format', 'docker-archive'] : [];
    await runToFile([engine, 'image', 'save', ...format, '--', name], path, options.signal);
    const found = await findInArchive({ kind: 'path', path, part: undefined }, reference, options);
    return { ...found, close: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @throws AnyarchError ANYARCH_IMAGE_NOT_FOUND, ANYARCH_DISK_FULL, ANYARCH_CANCELLED */
async function runToFile(
  command: readonly [string, ...string[]],
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const handle = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw fileFailure(error, path, elsewhere);
  });
  const [program, ...args] = command;
  let stderr = '';
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(program, args, {
        stdio: ['ignore', handle.fd, 'pipe'],
        ...(signal === undefined ? {} : { signal }),
      });
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr = `${stderr}${chunk.toString()}`.slice(-4000);
      });
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (exitCode === 0) return;
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  } finally {
    await handle.close();
  }
  throw new AnyarchError(
    /no space left/i.test(stderr) ? 'ANYARCH_DISK_FULL' : 'ANYARCH_IMAGE_NOT_FOUND',
    `${command.join(' ')} failed: ${quote(lastLine(stderr), 300)}`,
    { hint: `look at what it says; ${elsewhere} for a place with more space` },
  );
}

function readInspection(text: string, engine: string): { id: string; platform: ImagePlatform } {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  const one: unknown = Array.isArray(list) ? list[0] : undefined;
  const { Id: id, Os: os, Architecture: architecture, Variant: variant } = isRecord(one) ? one : {};
  if (typeof id !== 'string' || typeof os !== 'string' || typeof architecture !== 'string')
    throw new AnyarchError('ANYARCH_IMAGE_INVALID', `what ${engine} says about the image cannot be read`, {
      hint: `save it, and run the archive: ${engine} image save -o image.tar NAME`,
    });
  return {
    id: isDigest(id) ? id : `sha256:${id}`,
    platform: { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) },
  };
}

function notThere(
  engine: string,
  name: string,
  { startError, stderr, timedOut }: ProcessResult,
): AnyarchError {
  const why =
    startError === 'ENOENT'
      ? `${engine} is not installed`
      : (startError ?? (timedOut ? 'it does not answer' : lastLine(stderr)));
  return new AnyarchError('ANYARCH_IMAGE_NOT_FOUND', `${engine} has no image ${quote(name, 120)}: ${why}`, {
    hint: `${engine} images lists what this user's ${engine} has; without "${engine === 'podman' ? 'containers-storage' : 'docker-daemon'}:" the image is pulled`,
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
