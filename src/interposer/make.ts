import { createHash } from 'node:crypto';
import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { storedPath, type StoredFile } from '../host/stored-path.ts';
import { SystemError } from '../host/system-error.ts';
import { putFile } from '../store/index.ts';
import { fingerprintOf, type Fingerprint } from './blob.ts';
import type { InterposedRecord } from './record.ts';
import { patchEmulator, readPatch } from './patch/index.ts';
import type { PlainReason } from './plain-reason.ts';

/** The interposer of this host, read once for all emulators. */
export interface Blob {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly fingerprint: Fingerprint;
}

/** @throws SystemError where there is none */
export function readBlob(host: Pick<Host, 'files'>, path: string): Blob {
  const bytes = host.files.read(path);
  const fingerprint = fingerprintOf(host, path);
  if (fingerprint === undefined) throw new SystemError('ENOENT', 'stat', path);
  return { bytes, sha256: digest(bytes), fingerprint };
}

/** A file that was made, and what it was made from. */
export interface Made {
  readonly original: InterposedRecord['original'];
  readonly stored: StoredFile & Fingerprint;
}

/**
 * Puts the interposer into a copy of the emulator, in the store of `state`. A copy that is there and intact stays as it is.
 *
 * @returns why it cannot be done, where that lies in this emulator
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function makeInterposed(
  host: Pick<Host, 'files' | 'system'>,
  state: string,
  emulator: Emulator,
  blob: Blob,
  words: readonly string[],
): Promise<Made | (PlainReason & { readonly original?: Made['original'] })> {
  const { files, system } = host;
  const fingerprint = fingerprintOf(host, emulator.path);
  const bytes = fingerprint === undefined ? undefined : readWhole(host, emulator.path);
  if (fingerprint === undefined || bytes === undefined)
    return { code: 'damaged', reason: `${emulator.path} cannot be read` };
  const sha256 = digest(bytes);
  if (emulator.sha256 !== undefined && emulator.sha256 !== sha256)
    return {
      code: 'damaged',
      reason: `${emulator.path} has SHA-256 ${sha256} instead of ${emulator.sha256}`,
    };
  const version = emulator.packageVersion ?? emulator.version;
  const original = { ...fingerprint, path: emulator.path, sha256, version };
  // Somebody's copy of an interposed one: what it was made from is not here.
  if (readPatch(bytes) !== undefined)
    return { code: 'unpatchable', reason: 'it has an interposer already', original };
  let patched: Uint8Array;
  try {
    patched = patchEmulator(bytes, {
      interposer: blob.bytes,
      arguments: words,
      bigEndian: byteOrder(emulator.target) !== byteOrder(system.machine),
    });
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_EMULATOR_UNPATCHABLE')
      return { code: 'unpatchable', reason: error.message, original };
    throw error;
  }
  const stored = await putFile(state, `qemu-${emulator.target}`, whole(patched), () => Promise.resolve({}));
  const made = fingerprintOf(host, files.resolve(storedPath(state, stored)));
  if (made === undefined) throw new Error(`${storedPath(state, stored)} is gone as soon as it was written`);
  return { original, stored: { ...made, ...stored } };
}

function byteOrder(name: string): 'little' | 'big' {
  return findArchitecture(name).elf.endianness;
}

function readWhole({ files }: Pick<Host, 'files'>, path: string): Uint8Array | undefined {
  try {
    return files.read(path);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
