import type { LauncherHost } from './launcher-host.ts';
import type { FailureRecord } from './program.ts';

const recordSize = 8;

/**
 * What a launcher for the host wrote to its report descriptor, `undefined` when it wrote nothing.
 *
 * @throws Error when the bytes are no failure record.
 */
export function readFailureRecord(bytes: Uint8Array, host: LauncherHost): FailureRecord | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.length !== recordSize)
    throw new Error(`a failure record has ${recordSize} bytes, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = host.identity.endianness === 'little';
  return { step: view.getInt32(0, little), errno: view.getInt32(4, little) };
}
