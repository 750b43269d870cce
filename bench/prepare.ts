import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anyarch, home } from './places.ts';
import { runProgram } from './programs.ts';

/**
 * Gives this process and all that it starts a state of anyarch of their own, and fetches what anyarch needs, once: all
 * emulators, and the arm64 guest. Nothing is fetched while times are taken.
 */
export function prepareHome(): void {
  process.env['ANYARCH_HOME'] = home;
  const done = join(home, 'prepared');
  if (existsSync(done)) return;
  mkdirSync(home, { recursive: true });
  runProgram([anyarch, 'emulators', 'fetch', 'all']);
  runProgram([anyarch, 'run', '-a', 'arm64', '--', 'true']);
  writeFileSync(done, '');
}
