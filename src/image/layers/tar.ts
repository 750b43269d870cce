import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pack, type Header, type Pack } from 'tar-stream';
import { AnyarchError } from '../../core/error.ts';
import type { FileContent, LayerEntry } from '../content/entry.ts';

/** A member of an archive, whole headers given by `fixed`. */
export interface TarMember {
  readonly header: Pick<Header, 'name' | 'type' | 'mode'> & Partial<Pick<Header, 'linkname' | 'size'>>;
  readonly content?: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Nothing of the machine, the user or the time gets into an archive. */
const fixed = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) } as const;

/** An archive's bytes, made while they are read. */
export async function* tarOf(members: Iterable<TarMember>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  // Its failure reaches the loop below as the archive's.
  const filling = fill(archive, members).catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of archive as AsyncIterable<Uint8Array>) yield chunk;
  } finally {
    archive.destroy();
    await filling;
  }
}

/** @throws AnyarchError ANYARCH_DIGEST_MISMATCH while it is read, for a file that is not the one that was promised */
export function layerMembers(entries: readonly LayerEntry[]): TarMember[] {
  return entries.map((entry): TarMember => {
    switch (entry.kind) {
      case 'directory':
        return { header: { name: `${entry.path}/`, type: 'directory', mode: entry.mode } };
      case 'symlink':
        return { header: { name: entry.path, type: 'symlink', linkname: entry.target, mode: 0o777 } };
      case 'link':
        return { header: { name: entry.path, type: 'link', linkname: entry.target, mode: 0o755 } };
      case 'file': {
        const { path, mode, content } = entry;
        const size = sizeOf(content);
        return { header: { name: path, type: 'file', mode, size }, content: () => bytesOf(content) };
      }
    }
  });
}

async function fill(archive: Pack, members: Iterable<TarMember>): Promise<void> {
  for (const { header, content } of members) {
    await new Promise<void>((resolve, reject) => {
      const sink = archive.entry({ ...header, ...fixed }, (error) => {
        if (error) reject(error);
        else resolve();
      });
      // What ends the archive ends its members too; the archive's reader gets the reason.
      sink.on('error', () => undefined);
      if (content === undefined) {
        sink.end(null);
        return;
      }
      pour(content(), sink).catch(reject);
    });
  }
  archive.finalize();
}

async function pour(
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sink: ReturnType<Pack['entry']>,
): Promise<void> {
  for await (const chunk of content) if (!sink.write(chunk)) await drained(sink);
  sink.end(null);
}

/** Or destroyed, after which writing does nothing. */
async function drained(sink: ReturnType<Pack['entry']>): Promise<void> {
  if (sink.destroyed) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      sink.off('drain', goOn);
      sink.off('close', goOn);
      resolve();
    };
    sink.on('drain', goOn);
    sink.on('close', goOn);
  });
}

function sizeOf(content: FileContent): number {
  return content.kind === 'text' ? Buffer.byteLength(content.text) : content.size;
}

async function* bytesOf(content: FileContent): AsyncGenerator<Uint8Array> {
  if (content.kind === 'text') {
    yield Buffer.from(content.text);
    return;
  }
  const { file, size, sha256 } = content;
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > size) break;
    hash.update(chunk);
    yield chunk;
  }
  if (read === size && hash.digest('hex') === sha256) return;
  throw new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${file} is not the file that was verified (SHA-256 ${sha256})`,
    {
      hint: 'run the same command again: what the store has is checked and repaired first',
      details: { path: file, sha256 },
    },
  );
}
