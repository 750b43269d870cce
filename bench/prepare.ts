import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anyarch, home } from './places.ts';
import { runProgram } from './programs.ts';

/** Fetches what anyarch needs, once: all emulators, and the arm64 guest. Nothing is fetched while times are taken. */
export function prepareHome(): void {
  const done = join(home, 'prepared');
  if (existsSync(done)) return;
  mkdirSync(home, { recursive: true });
  const environment = { ...process.env, ANYARCH_HOME: home };
  runProgram([anyarch, 'emulators', 'fetch', 'all'], { environment });
  runProgram([anyarch, 'run', '-a', 'arm64', '--', 'true'], { environment });
  writeFileSync(done, '');
}
