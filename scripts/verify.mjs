// Everything that has to hold, on a clean checkout: set-up, build, static checks, all tests but those that boot a machine
// (verify-machines.mjs). Plain JavaScript, because nothing is installed yet. Ends with `N passed, N failed`, and
// `, N skipped` when tests were.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, required, suite, summary } from './run-checks.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

if (!existsSync('node_modules/.package-lock.json'))
  await required('install', ['npm', 'ci', '--no-fund', '--no-audit']);
await required('set up this machine', ['node', 'scripts/setup-debian.mjs']);
await required('build', ['npm', 'run', '--silent', 'build']);
await required("build the image's programs", ['npm', 'run', '--silent', 'build:entrypoint']);
// Processors are busy as long as some compute while others wait for disks, daemons and time-outs.
// Unprivileged users' engines and the kernel tests find the host's table empty, and only look at it.
const kernel = suite('kernel');
// Faults with private tables are over before those of the host are made, where the doctor sees the tables of everybody.
const users = inTurn(rootless, quickstart, faults);
// These know no table of the host. Most of what they compute falls into the time of the engines, which wait a lot.
const computing = users.then(() => inTurn(staticChecks, packageCheck, unit, accelerate));
await Promise.all([kernel, users]);
// Engines, which have the host's table for themselves.
await inTurn(hostFaults, e2e);
await computing;
summary();

function rootless() {
  return suite('rootless');
}

async function staticChecks() {
  await check('types', ['npm', 'run', '--silent', 'typecheck']);
  await check('format', ['npm', 'run', '--silent', 'format:check']);
  await check('lint', ['npm', 'run', '--silent', 'lint']);
  await check('unused', ['npm', 'run', '--silent', 'unused']);
}

/** As on a fresh machine, and without leaving root's store behind on this one. */
async function quickstart() {
  const home = join(root, '.cache/verify/home');
  rmSync(home, { recursive: true, force: true });
  await check('quickstart', ['env', `ANYARCH_HOME=${home}`, 'node', 'scripts/quickstart.mjs']);
  rmSync(home, { recursive: true, force: true });
}

function faults() {
  return suite('faults');
}

function hostFaults() {
  return suite('host-faults');
}

function e2e() {
  return suite('e2e');
}

function accelerate() {
  return suite('accelerate');
}

function unit() {
  return suite('unit');
}

function packageCheck() {
  return check('package', ['node', 'scripts/check-package.mjs']);
}

async function inTurn(...actions) {
  for (const action of actions) await action();
}
