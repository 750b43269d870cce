import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { isRecord, parseJson } from '../core/json.ts';
import { parseDigest, type Digest } from '../core/oci/digest.ts';
import { readImagePlatform } from '../core/oci/image-platform.ts';
import { formatReference, parseReference, withDefaultTag } from '../core/oci/reference.ts';
import { formatPlatform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';
import { writeOutput } from '../image/index.ts';
import { hostnameOf, isLoopback } from '../registry/index.ts';
import { isOfPlatform } from './engines/inspect-image.ts';
import { saveImage, tagImage } from './engines/image-commands.ts';
import * as lists from './engines/list-commands.ts';
import { engineStep, type Finish, type FinishParts } from './finish-parts.ts';
import { tagOf } from './names.ts';
import { readBack } from './push/read-back.ts';
import type { PushedIndex } from './report.ts';
import { runStep } from './run-step.ts';

/**
 * Podman and buildah: a manifest list is made under a name of its own, and gets those that were asked for when it is
 * complete. A name moves in one step from what had it before.
 */
export async function finishInStorage(
  host: Host,
  engine: lists.ListEngine,
  parts: FinishParts,
): Promise<Finish> {
  const { names, images } = parts;
  const platforms = images.map(({ platform }) => formatPlatform(platform));
  const [only, ...others] = images;
  if (only === undefined) throw new Error('there is an image to name');
  const isSingle = others.length === 0;
  const what = isSingle ? only.id : await makeList(engine, parts);
  try {
    const outputs = await writeOutputs(engine, what, parts);
    for (const name of names)
      await engineStep(
        isSingle ? tagImage({ name: engine }, what, name) : lists.giveName(engine, what, name),
        `${name} cannot be named`,
        parts,
      );
    const pushed = parts.push ? await pushAll(host, engine, what, parts) : [];
    const stored = names.map((name) => ({
      name,
      kind: isSingle ? ('image' as const) : ('list' as const),
      platforms,
    }));
    return { stored, outputs, pushed, notes: [] };
  } finally {
    // Under its other names it stays. Not to be cancelled.
    if (!isSingle) await runStep(lists.takeName(engine, what));
  }
}

async function makeList(engine: lists.ListEngine, { images, signal }: FinishParts): Promise<string> {
  const list = `localhost/anyarch-build:${randomBytes(8).toString('hex')}`;
  await engineStep(lists.createList(engine, list), 'the list of platforms cannot be made', { signal });
  for (const { platform, id } of images)
    await engineStep(
      lists.addToList(engine, list, id, platform),
      `${formatPlatform(platform)} cannot be listed`,
      { signal },
    );
  const text = await engineStep(lists.inspectList(engine, list), 'the list cannot be read', { signal });
  requireAll(text, list, images);
  return list;
}

/** What was written is read back. */
function requireAll(text: string, list: string, images: FinishParts['images']): void {
  const document = parseJson(text);
  const entries = isRecord(document) && Array.isArray(document['manifests']) ? document['manifests'] : [];
  const found = entries.flatMap((one: unknown) =>
    isRecord(one) && one['platform'] !== undefined ? [readImagePlatform(one['platform'], list)] : [],
  );
  const lacking = images.filter(({ platform }) => !found.some((one) => isOfPlatform(one, platform)));
  if (lacking.length === 0) return;
  throw new AnyarchError(
    'ANYARCH_ENGINE_FAILED',
    `the list has no ${lists.formatPlatforms(lacking.map(({ platform }) => platform))}`,
    { hint: 'please report it, with the version of the engine' },
  );
}

async function writeOutputs(
  engine: lists.ListEngine,
  what: string,
  { outputs, names, images, signal }: FinishParts,
): Promise<string[]> {
  const tag = tagOf(names[0] ?? '');
  const noConnection = { authfile: undefined, insecure: false };
  for (const { kind, path } of outputs)
    await writeOutput(path, kind === 'oci' ? 'directory' : 'file', async (temporary) => {
      const command =
        kind === 'docker-archive'
          ? saveImage({ name: engine }, what, `${temporary}:${names[0] ?? ''}`)
          : images.length > 1
            ? lists.pushList(engine, what, `${kind}:${temporary}:${tag}`, noConnection)
            : lists.pushImage(engine, what, `${kind}:${temporary}:${tag}`, noConnection);
      await engineStep(command, `${path} cannot be written`, { signal, path });
    });
  return outputs.map(({ kind, path }) => `${kind}:${path}`);
}

async function pushAll(
  host: Host,
  engine: lists.ListEngine,
  what: string,
  { names, images, connection, work, signal, write }: FinishParts,
): Promise<PushedIndex[]> {
  const platforms = images.map(({ platform }) => platform);
  const pushed: PushedIndex[] = [];
  for (const name of names) {
    const reference = withDefaultTag(parseReference(name));
    const to = `docker://${formatReference(reference)}`;
    // A registry of this machine's needs no certificate, as for docker.
    const insecure = connection.insecure || isLoopback(hostnameOf(reference.registry));
    const words = { ...connection, insecure };
    const digestFile = join(work, 'pushed.digest');
    const told = { ...words, digestFile };
    await rm(digestFile, { force: true });
    await engineStep(
      images.length > 1 ? lists.pushList(engine, what, to, told) : lists.pushImage(engine, what, to, told),
      `${name} cannot be pushed`,
      { signal, write },
    );
    const digest = await readDigest(digestFile, engine);
    pushed.push(await readBack(host, reference, { platforms, digest }, { ...words, signal }));
  }
  return pushed;
}

async function readDigest(path: string, engine: lists.ListEngine): Promise<Digest> {
  const text = await readFile(path, 'latin1').catch(() => '');
  if (/^sha256:[0-9a-f]{64}$/.test(text.trim())) return parseDigest(text.trim());
  throw new AnyarchError('ANYARCH_ENGINE_FAILED', `${engine} has not said what it pushed (--digestfile)`, {
    hint: 'please report it, with the version of the engine',
  });
}
