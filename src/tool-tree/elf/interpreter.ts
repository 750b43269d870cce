import { bytesSource } from '../../core/byte-source.ts';
import { readLayout } from '../../core/elf-header.ts';
import { readSegments, segmentTypes } from '../../core/elf-segments.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { unadaptable } from './unadaptable.ts';

/**
 * Rewrites PT_INTERP in place. A program without one (static) stays as it is.
 *
 * @param from undefined when there is no loader for the set
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when it is another loader than expected, or the new path does not fit
 */
export function replaceInterpreter(bytes: Uint8Array, from: string | undefined, to: string): void {
  const { header, programHeaders } = readLayout(bytes);
  const source = bytesSource(bytes);
  const segment = readSegments(source, header, programHeaders).find(
    ({ type }) => type === segmentTypes.interpreter,
  );
  if (segment === undefined) return;
  const { offset, size } = segment;
  const there = decodeUtf8(bytes.subarray(offset, offset + size));
  if (from === undefined) throw unadaptable('there is no loader for the program, which needs one');
  if (there !== `${from}\0`)
    throw unadaptable(`the program's loader is ${JSON.stringify(there)}, not ${from}`);
  const replacement = encodeUtf8(`${to}\0`);
  if (replacement.length > size)
    throw unadaptable(`${to} does not fit into the place of the loader's path ${from}`);
  bytes.fill(0, offset, offset + size);
  bytes.set(replacement, offset);
}
