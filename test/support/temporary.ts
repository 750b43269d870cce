import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimRunDirectory } from './leftovers.ts';

/**
 * A new directory inside this test run's own, which the global set-up makes and removes: readable by every user and
 * short enough for unix sockets.
 */
export function temporaryDirectory(purpose: string): string {
  const directory = mkdtempSync(join(runDirectory(), `${purpose}-`));
  chmodSync(directory, 0o755);
  return directory;
}

/** This test run's directory; all test files of the run share it. */
export function runDirectory(): string {
  const directory = process.env['ANYARCH_TEST_RUN_DIR'];
  if (directory === undefined)
    throw new Error('ANYARCH_TEST_RUN_DIR is not set: test/support/setup.ts has not run');
  mkdirSync(directory, { recursive: true });
  return directory;
}

export function createRunDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-test-'));
  chmodSync(directory, 0o755);
  claimRunDirectory(directory);
  return directory;
}
