import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { patchEmulator } from '../../../src/interposer/patch/index.ts';
import { repository } from '../fixtures/cache.ts';

/** Puts QEMU for arm64 with this machine's interposer into the directory. */
export function interposedEmulator(directory: string): string {
  const path = join(directory, 'qemu-aarch64');
  const plain = readFileSync(join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-aarch64'));
  const interposer = readFileSync(join(repository, 'build/interposer/x86_64.bin'));
  const patched = patchEmulator(plain, { interposer, arguments: [], bigEndian: false });
  writeFileSync(path, patched, { mode: 0o755 });
  return path;
}
