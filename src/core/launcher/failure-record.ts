import type { LauncherHost } from './launcher-host.ts';
import type { FailureRecord } from './program.ts';

const recordSize = 8;

/**
 * What a launcher for the host wrote to its report descriptor, `undefined` when it wrote nothing.
 *
 * @throws Error when the bytes are no failure record.
 */
export function readFailureRecord(bytes: Uint8Array, host: LauncherHost): FailureRecord | undefined {
  if (bytes.length !== 0 && bytes.length !== recordSize)
    throw new Error(`a failure record has ${recordSize} bytes, not ${bytes.length}`);
  return readFailureRecords(bytes, host)[0];
}

/**
 * The same for a launcher whose processes report each by itself; in the order of their failures.
 *
 * @throws Error when the bytes are no failure records.
 */
export function readFailureRecords(bytes: Uint8Array, host: LauncherHost): FailureRecord[] {
  if (bytes.length % recordSize !== 0)
    throw new Error(`failure records have ${recordSize} bytes each, not ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = host.identity.endianness === 'little';
  return Array.from({ length: bytes.length / recordSize }, (_, index) => ({
    step: view.getInt32(index * recordSize, little),
    errno: view.getInt32(index * recordSize + 4, little),
  }));
}
