import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { AnyarchError } from '../core/error.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import type { OnProgress } from '../transfer/index.ts';
import { readArMembers, type ArMember } from './ar.ts';
import { decompress } from './decompress.ts';
import { readTarMember, type TarMember } from './tar-member.ts';

export interface UnpackOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Shown with the progress. */
  readonly subject: string;
}

/** Takes the content of a wanted file; it must read it to its end. */
export type Sink = (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Reads wanted files out of a .deb, in one pass that ends when all were found. Nothing is written here and names from
 * the archive are only compared, so no archive can make a file appear anywhere.
 *
 * @param wanted paths as `usr/bin/qemu-aarch64`; a link to another file of the package gives that file's content
 * @returns the wanted paths that the package has not
 * @throws AnyarchError ANYARCH_ARCHIVE_INVALID for anything that no honest package contains, ANYARCH_CANCELLED
 */
export async function unpackDeb(
  path: string,
  wanted: readonly string[],
  sink: Sink,
  options: UnpackOptions,
): Promise<string[]> {
  const data = await findData(path);
  /** Where the content of a wanted path is to be taken from, once that is known to be elsewhere. */
  const sources = new Map(wanted.map((name) => [name, name]));
  // A link may stand behind the file that it leads to: then one more pass is needed. Chains of links are short.
  for (let pass = 0; pass < 4 && sources.size > 0; pass += 1) {
    const moved = await onePass(path, data, sources, sink, options);
    for (const [name, source] of sources) {
      const target = moved.get(source);
      if (target === undefined) continue;
      sources.set(name, target);
    }
    if (moved.size === 0) break;
  }
  return [...sources.keys()];
}

async function findData(path: string): Promise<ArMember> {
  const [format, ...members] = await readArMembers(path);
  const data = members.find(({ name }) => name === 'data.tar' || name.startsWith('data.tar.'));
  if (format?.name !== 'debian-binary' || data === undefined) {
    throw new AnyarchError('ANYARCH_ARCHIVE_INVALID', `${path} is not a Debian package: it has no data`);
  }
  return data;
}

/** Hands found files over and deletes them from `sources`; the result says where links among them lead to. */
async function onePass(
  path: string,
  data: ArMember,
  sources: Map<string, string>,
  sink: Sink,
  options: UnpackOptions,
): Promise<Map<string, string>> {
  const moved = new Map<string, string>();
  const awaited = new Set(sources.values());
  for await (const { member, content } of membersOf(path, data, options)) {
    if (!awaited.delete(member.path) || member.kind === 'directory') continue;
    if (member.kind === 'link') {
      if (member.target === undefined)
        throw invalid(path, `${member.path} is a link that leads out of the package`);
      moved.set(member.path, member.target);
    } else {
      await deliver(member.path, content, sources, sink);
    }
    if (awaited.size === 0) break;
  }
  return moved;
}

/** A member of a package's data. Content that nobody has read is skipped. */
export interface DebMember {
  readonly member: TarMember;
  readonly isHardLink: boolean;
  /** Of a symbolic link, as it is written. */
  readonly linkText: string;
  readonly isExecutable: boolean;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * All members of a .deb's data, in its order.
 *
 * @throws AnyarchError ANYARCH_ARCHIVE_INVALID for anything that no honest package contains, ANYARCH_CANCELLED
 */
export async function* debMembers(path: string, options: UnpackOptions): AsyncGenerator<DebMember> {
  yield* membersOf(path, await findData(path), options);
}

async function* membersOf(path: string, data: ArMember, options: UnpackOptions): AsyncGenerator<DebMember> {
  const { signal, onProgress, subject } = options;
  let received = 0;
  const onRead = (bytes: number) => {
    received += bytes;
    onProgress?.({ phase: 'unpack', subject, received, total: data.length });
  };
  const extractor = extract();
  const tar = decompress({ path, start: data.start, length: data.length }, data.name, { onRead });
  // Its failure reaches the loop below as the extractor's.
  const feeding = pipeline(Readable.from(tar), extractor).catch(() => undefined);
  try {
    for await (const entry of extractor) {
      const content = once(entry as AsyncIterable<unknown> as AsyncIterable<Uint8Array>);
      throwIfCancelled(signal);
      const { header } = entry;
      // tar-stream gives null where it says a string.
      const linkText = (header.linkname as string | null) ?? '';
      const member = checked(path, () => readTarMember(header));
      yield {
        member,
        isHardLink: header.type === 'link',
        linkText,
        isExecutable: (header.mode & 0o111) !== 0,
        content,
      };
      if (!content.wasRead()) await drain(content);
    }
  } catch (error) {
    if (error instanceof AnyarchError || !isFromTar(error)) throw error;
    throw invalid(path, error.message, error);
  } finally {
    extractor.destroy();
    await feeding;
  }
}

/** Tells whether somebody has begun to read. */
function once(
  content: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> & { readonly wasRead: () => boolean } {
  let read = false;
  return {
    [Symbol.asyncIterator]: () => {
      read = true;
      return content[Symbol.asyncIterator]();
    },
    wasRead: () => read,
  };
}

/** Several wanted names can lead to one file; its content passes only once. */
async function deliver(
  path: string,
  content: AsyncIterable<Uint8Array>,
  sources: Map<string, string>,
  sink: Sink,
): Promise<void> {
  const [first, ...others] = [...sources].filter(([, source]) => source === path).map(([name]) => name);
  if (first === undefined) return;
  if (others.length === 0) {
    await sink(first, content);
  } else {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    for (const name of [first, ...others])
      await sink(name, Readable.from(chunks, { objectMode: true }) as AsyncIterable<Uint8Array>);
  }
  for (const name of [first, ...others]) sources.delete(name);
}

async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = content[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

function checked<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

/** tar-stream throws plain errors; what the sink throws has an errno or is ours. */
function isFromTar(error: unknown): error is Error {
  return error instanceof Error && !('syscall' in error) && error.constructor === Error;
}

function invalid(path: string, what: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_ARCHIVE_INVALID', `${path} cannot be unpacked: ${what}`, {
    hint: 'the package is damaged or hostile; nothing of it was used',
    cause,
  });
}
