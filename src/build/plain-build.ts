import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { AnyarchError } from '../core/error.ts';
import { storesLists, type BuildEngine } from './engines/engine.ts';
import type { BuildRequest } from './request.ts';
import { runStep } from './run-step.ts';

/**
 * The same build, such that nothing an accelerated one has made gets into it: neither steps from a cache, wherever that is,
 * nor what lies in cache mounts (`RUN --mount=type=cache`, which --no-cache does not empty).
 *
 * BuildKit keeps cache mounts by a namespace that a build argument of its own names; it is declared by no Dockerfile, so that
 * neither steps nor history get it. https://docs.docker.com/reference/dockerfile/#buildkit-built-in-build-args
 */
export function plainRequest(engine: BuildEngine, request: BuildRequest): BuildRequest {
  const namespace = `BUILDKIT_CACHE_MOUNT_NS=anyarch-${randomBytes(8).toString('hex')}`;
  const buildArgs = storesLists(engine) ? request.buildArgs : [...request.buildArgs, namespace];
  return { ...request, buildArgs, noCache: true, pull: false, cacheFrom: [], cacheTo: [] };
}

/**
 * An empty directory for TMPDIR: below it podman and buildah keep cache mounts (buildah, internal/volumes, GetTempDir).
 *
 * @returns undefined for docker
 */
export function temporaryOf(engine: BuildEngine, idFile: string): string | undefined {
  if (!storesLists(engine)) return undefined;
  const directory = `${idFile}.d`;
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

export async function removeTemporary(engine: BuildEngine, directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  // Files of other users of the containers belong to subordinate ids, which nobody outside of the namespace removes.
  if (engine.rootless) await runStep([engine.name, 'unshare', 'rm', '-rf', '--', directory]);
  await rm(directory, { recursive: true, force: true });
}

/**
 * What two builds would share for all that, and anyarch cannot take from one of them.
 *
 * @param dockerfile its text; undefined where the engine fetches it by itself
 * @throws AnyarchError ANYARCH_USAGE
 */
export function requireSeparable(
  engine: BuildEngine,
  { ownOptions, buildArgs }: BuildRequest,
  dockerfile: string | undefined,
): void {
  const volume = sharedVolume(ownOptions);
  if (volume !== undefined)
    throw refused(`both builds would write to the volume ${volume}`, 'mount it read-only: -v FROM:TO:ro');
  if (storesLists(engine)) {
    if (engine.remote)
      throw refused(
        `${engine.name} builds on another machine, where its cache mounts cannot be told apart`,
        'verify on that machine',
      );
    return;
  }
  const frontend =
    buildArgs.map((one) => /^BUILDKIT_SYNTAX=(\S+)/.exec(one)?.[1]).find((one) => one !== undefined) ??
    /^(?:#|\/\/)\s*syntax\s*=\s*(\S+)/im.exec(dockerfile ?? '')?.[1];
  if (frontend !== undefined && !/(^|\/)docker\/dockerfile(-upstream)?([:@]|$)/.test(frontend))
    throw refused(
      `what ${frontend} keeps between builds is not known`,
      "verify with Docker's own syntax (docker/dockerfile), or with --engine podman or buildah",
    );
}

/** `-v FROM:TO` and its other spellings; `O` (an overlay) and `ro` leave nothing behind. */
function sharedVolume(words: readonly string[]): string | undefined {
  const volumes = words.flatMap((word, position) => {
    if (word === '-v' || word === '--volume') return [words[position + 1] ?? ''];
    const [, value] = /^(?:--volume=|-v=?)(.+)$/.exec(word) ?? [];
    return value === undefined ? [] : [value];
  });
  return volumes.find(
    (one) => !(one.split(':')[2] ?? '').split(',').some((way) => way === 'ro' || way === 'O'),
  );
}

function refused(reason: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `--verify: ${reason}`, { hint });
}
