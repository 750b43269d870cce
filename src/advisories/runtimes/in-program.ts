import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import type { GuestRuntime } from '../situation.ts';

/** Of a program's own bytes: what a compiler or a library left there. */
export function runtimesInProgram(files: Host['files'], path: string): GuestRuntime[] {
  try {
    return search(files, path);
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

/** In front of what Go records of a build (debug/buildinfo); the version stands 32 bytes after its start, since Go 1.18. */
const goMark = '\xff Go buildinf:';
const versionOffset = 32;
/** How mimalloc begins its messages and the names of its options. */
const mimallocMark = 'mimalloc';

/** Bytes that are read at once; parts overlap, so that nothing is missed at their ends. */
const partSize = 1 << 20;
const overlap = 128;
/** Bytes of a program that are looked at: the largest that people compile. */
const largest = 256 << 20;

function search(files: Host['files'], path: string): GuestRuntime[] {
  const size = Math.min(files.status(path)?.size ?? 0, largest);
  const found = new Map<string, GuestRuntime>();
  for (let offset = 0; offset < size && found.size < 2; offset += partSize) {
    const bytes = Buffer.from(files.readAt(path, offset, partSize + overlap));
    const go = bytes.indexOf(goMark, 0, 'latin1');
    if (go >= 0 && !found.has('go')) found.set('go', { name: 'go', version: goVersion(bytes, go), path });
    if (bytes.includes(mimallocMark, 0, 'latin1'))
      found.set('mimalloc', { name: 'mimalloc', version: undefined, path });
  }
  return [...found.values()];
}

/** `go1.23.1`, with its length in one byte before it. */
function goVersion(bytes: Uint8Array, mark: number): string | undefined {
  const at = mark + versionOffset;
  const length = bytes[at] ?? 0;
  const text = decodeUtf8(bytes.subarray(at + 1, at + 1 + length));
  return /^go(\d+\.\d+[\w.]*)/.exec(text)?.[1];
}
