// Machines of all kinds, booted: set-up, build, the suites in test/machines/. They take a third of an hour, less where the pieces
// that are slow to make are kept from the run before, so `verify` does without them. With `--host-only` no more than what is
// rebooted. Ends with `N passed, N failed`.
import { existsSync } from 'node:fs';
import { required, suite, summary } from './run-checks.mjs';

if (!existsSync('node_modules/.package-lock.json'))
  await required('install', ['npm', 'ci', '--no-fund', '--no-audit']);
await required('set up this machine', ['node', 'scripts/setup-debian.mjs']);
await required('build', ['npm', 'run', '--silent', 'build']);
await required("build the image's programs", ['npm', 'run', '--silent', 'build:entrypoint']);
// Machines are emulated on one processor each, mostly, and programs are compiled for ours while the host of others reboots.
const isHostOnly = process.argv.includes('--host-only');
await Promise.all([suite('machine-host'), ...(isHostOnly ? [] : [ourMachines()])]);
summary();

async function ourMachines() {
  await suite('machines');
  await suite('machine-life');
}
