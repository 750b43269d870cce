import { rmSync } from 'node:fs';
import { recoverHostTable } from './engines/host-table.ts';
import { nothingRan } from './engines/requirements.ts';
import { qemuDirectory } from './fixtures/qemu.ts';
import { removeLeftovers } from './leftovers.ts';
import { createRunDirectory } from './temporary.ts';

/**
 * Global set-up of the kernel and e2e projects: a directory for the run, and QEMU in ANYARCH_TEST_QEMU_DIR (one may
 * be given from outside). Suites that need an emulator say so with `needs.qemu`.
 */
export default async function setup(): Promise<() => void> {
  // Both projects may run in one process: they share what the first has set up.
  if (process.env['ANYARCH_TEST_RUN_DIR'] !== undefined) return () => undefined;
  await cleanUp();
  const directory = createRunDirectory();
  process.env['ANYARCH_TEST_RUN_DIR'] = directory;
  try {
    process.env['ANYARCH_TEST_QEMU_DIR'] ??= await qemuDirectory('11.1');
  } catch (error) {
    if (process.env['ANYARCH_E2E'] === 'required') throw error;
    console.warn(`QEMU could not be fetched, so what needs it is skipped: ${String(error)}`);
  }
  return () => {
    const problem = nothingRan();
    rmSync(directory, { recursive: true, force: true });
    if (problem !== undefined) {
      console.error(problem);
      // Vitest reports an error of the tear-down and still exits with 0.
      process.exitCode = 1;
    }
  };
}

/** After runs that were killed; what there was is said, as it may have gone wrong on its own. */
async function cleanUp(): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const table = await recoverHostTable();
  const done = [...(await removeLeftovers()), ...(table === undefined ? [] : [table])];
  for (const line of done) console.warn(`cleaned up after a test run that was killed: ${line}`);
}
