import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { recordedPaths, type Feature } from '../installed-files/index.ts';
import { accelerateDropInPath } from '../rootless/index.ts';
import type { AccelerateEngineName } from './engine-names.ts';
import { scriptPath } from './engines/docker-files.ts';
import type { EngineContext } from './engines/engine.ts';
import { engineDirectory, madeBy } from './engines/places.ts';

export function featureOf(engine: AccelerateEngineName): Feature {
  return `accelerate-${engine}`;
}

/** Whether the engine is led to us: of one that was disabled there may be left what runs still needs. */
export function isEnabled(
  context: Pick<EngineContext, 'host' | 'state'>,
  engine: AccelerateEngineName,
): boolean {
  const path = engine === 'docker' ? scriptPath(context) : accelerateDropInPath(context.host, engine);
  return saysOurs(context.host, path, engine);
}

/** Whether anything of ours is recorded, or told by its place and what it says, should the record be lost. */
export function hasFiles(
  context: Pick<EngineContext, 'host' | 'state'>,
  engine: AccelerateEngineName,
): boolean {
  const { host, state } = context;
  return (
    recordedPaths(host, state, featureOf(engine)).size > 0 ||
    isEnabled(context, engine) ||
    hasFileBelow(host.files, engineDirectory(host, state, engine))
  );
}

function hasFileBelow(files: Host['files'], path: string): boolean {
  const kind = files.linkStatus(path)?.kind;
  if (kind !== 'directory') return kind !== undefined;
  const names = ignoring(['ENOENT', 'EACCES'], () => files.list(path)) ?? [];
  return names.some((name) => hasFileBelow(files, `${path}/${name}`));
}

/** Of paths where ours would be, those that are, whatever is recorded. */
export function ownAmong(
  context: Pick<EngineContext, 'host' | 'state'>,
  engine: AccelerateEngineName,
  paths: readonly string[],
): readonly string[] {
  const directory = `${engineDirectory(context.host, context.state, engine)}/`;
  return paths.filter((path) =>
    path.startsWith(directory)
      ? context.host.files.linkStatus(path)?.kind === 'file'
      : saysOurs(context.host, path, engine),
  );
}

function saysOurs({ files }: Host, path: string, engine: AccelerateEngineName): boolean {
  const unseen = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR'];
  const bytes = ignoring(unseen, () => files.read(path));
  return bytes !== undefined && decodeUtf8(bytes).includes(`# ${madeBy(engine)}`);
}
