import { join } from 'node:path';
import { parseReference, withDefaultTag } from '../core/oci/reference.ts';
import { imagePlatform } from '../core/oci/image-platform.ts';
import { formatPlatform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';
import { findImage, type FoundImage } from '../image-source/index.ts';
import { writeOutput } from '../image/index.ts';
import { pushImages } from '../registry/index.ts';
import type { BuildEngine } from './engines/engine.ts';
import { saveImage, tagImage } from './engines/image-commands.ts';
import { engineStep, type Finish, type Finished, type FinishParts } from './finish-parts.ts';
import { archiveLayout } from './join/archive-layout.ts';
import { writeLayout, type LayoutImage } from './join/write-layout.ts';
import { platformName, tagOf } from './names.ts';
import { readBack } from './push/read-back.ts';
import type { PushedIndex } from './report.ts';

/**
 * Docker: its storage holds one platform under a name. Each platform's image gets a name of its own, and the index is made
 * here, in an OCI layout that is written or pushed.
 */
export async function finishInDocker(host: Host, engine: BuildEngine, parts: FinishParts): Promise<Finish> {
  const { names, images, signal, push, outputs } = parts;
  const isSingle = images.length === 1;
  const layoutTags = [...new Set(names.map(tagOf))];
  const needsLayout = push || outputs.some(({ kind }) => kind !== 'docker-archive');
  const layout = join(parts.work, 'layout');
  if (needsLayout) await joinImages(host, engine, layout, layoutTags, parts);
  await writeOutputs(engine, layout, parts);
  const stored = names.flatMap((name) =>
    images.map(({ platform, id }) => ({
      id,
      name: isSingle ? name : platformName(name, platform),
      kind: 'image' as const,
      platforms: [formatPlatform(platform)],
    })),
  );
  for (const { id, name } of stored)
    await engineStep(tagImage(engine, id, name), `${name} cannot be named`, { signal });
  const pushed = push ? await pushAll(host, layout, layoutTags, parts) : [];
  const notes =
    isSingle || needsLayout
      ? []
      : [
          "docker's own storage holds one platform under a name: no index was made. Add --push or --output oci:DIR for one",
        ];
  return {
    stored: stored.map(({ name, kind, platforms }) => ({ name, kind, platforms })),
    outputs: outputs.map(({ kind, path }) => `${kind}:${path}`),
    pushed,
    notes,
  };
}

async function joinImages(
  host: Host,
  engine: BuildEngine,
  layout: string,
  tags: readonly string[],
  { images, work, signal }: FinishParts,
): Promise<void> {
  const found: FoundImage[] = [];
  try {
    const joined: LayoutImage[] = [];
    for (const { platform, id } of images) {
      const archive = await saved(engine, { platform, id }, work, signal);
      const one = await findImage(host, `docker-archive:${archive}`, {
        directory: work,
        platform: imagePlatform(platform),
        signal,
      });
      found.push(one);
      joined.push({ platform: imagePlatform(platform), image: await one.open() });
    }
    await writeLayout(layout, joined, tags, signal);
  } finally {
    for (const one of found) await one.close(true);
  }
}

async function saved(
  engine: BuildEngine,
  { platform, id }: Finished,
  work: string,
  signal: FinishParts['signal'],
): Promise<string> {
  const archive = join(work, `${formatPlatform(platform).replaceAll('/', '-')}.tar`);
  await engineStep(saveImage(engine, id, archive), `${formatPlatform(platform)} cannot be saved`, {
    signal,
    path: archive,
  });
  return archive;
}

async function writeOutputs(engine: BuildEngine, layout: string, parts: FinishParts): Promise<void> {
  const { outputs, names, images, signal } = parts;
  const [name = ''] = names;
  for (const { kind, path } of outputs)
    await writeOutput(path, kind === 'oci' ? 'directory' : 'file', async (temporary) => {
      if (kind === 'oci') {
        const { cp } = await import('node:fs/promises');
        await cp(layout, temporary, { recursive: true });
      } else if (kind === 'oci-archive') await archiveLayout(layout, temporary, signal);
      else {
        const [only] = images;
        if (only === undefined) return;
        await engineStep(tagImage(engine, only.id, name), `${name} cannot be named`, { signal });
        await engineStep(saveImage(engine, name, temporary), `${path} cannot be written`, { signal, path });
      }
    });
}

async function pushAll(
  host: Host,
  layout: string,
  [tag]: readonly string[],
  { names, images, connection, signal }: FinishParts,
): Promise<PushedIndex[]> {
  const references = names.map((name) => withDefaultTag(parseReference(name)));
  const results = await pushImages(host, layout, references, { ...connection, image: tag, signal });
  const failed = results.find((one) => one.outcome === 'failed');
  if (failed?.outcome === 'failed') throw failed.error;
  const platforms = images.map(({ platform }) => platform);
  const pushed: PushedIndex[] = [];
  for (const [position, reference] of references.entries()) {
    const result = results[position];
    if (result?.outcome !== 'pushed') throw new Error('each reference has its result');
    const { digest } = result;
    pushed.push(await readBack(host, reference, { platforms, digest }, { ...connection, signal }));
  }
  return pushed;
}
