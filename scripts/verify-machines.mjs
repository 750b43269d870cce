// Machines of all kinds, booted: set-up, build, the suite in test/machines/. It takes a quarter of an hour where the pieces that
// are slow to make are kept from the run before, so `verify` does without it. Ends with `N passed, N failed`.
import { existsSync } from 'node:fs';
import { required, suite, summary } from './run-checks.mjs';

if (!existsSync('node_modules/.package-lock.json'))
  await required('install', ['npm', 'ci', '--no-fund', '--no-audit']);
await required('set up this machine', ['node', 'scripts/setup-debian.mjs']);
await required('build', ['npm', 'run', '--silent', 'build']);
await suite('machines');
summary();
