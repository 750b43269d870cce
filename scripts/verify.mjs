// Everything that has to hold, on a clean checkout: set-up, build, static checks, all tests. Plain JavaScript, because
// nothing is installed yet. Ends with `N passed, N failed`, and `, N skipped` when tests were.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests, hasForbiddenSkips } from './count-tests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
mkdirSync('.cache/verify', { recursive: true });

const results = [];
let tests = { passed: 0, failed: 0, skipped: 0 };

if (!existsSync('node_modules/.package-lock.json'))
  await required('install', ['npm', 'ci', '--no-fund', '--no-audit']);
await required('set up this machine', ['node', 'scripts/setup-debian.mjs']);
await required('build', ['npm', 'run', '--silent', 'build']);
await required("build the image's programs", ['npm', 'run', '--silent', 'build:entrypoint']);
// Processors are busy as long as some compute while others wait for disks, daemons and time-outs. Machines boot on one
// processor each.
const machines = suite('machine');
// Unprivileged users' engines and the kernel tests find the host's table empty, and only look at it.
const kernel = suite('kernel');
const users = inTurn(rootless, quickstart);
// These know no table of the host. Most of what they compute falls into the time of the engines, which wait a lot.
const computing = users.then(() => inTurn(staticChecks, packageCheck, unit, accelerate));
await Promise.all([kernel, users]);
// Engines, which have the host's table for themselves.
await inTurn(faults, e2e);
await computing;
await machines;
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

/** Without this nothing else makes sense. */
async function required(name, command) {
  const { good } = await check(name, command);
  if (good) return;
  summary();
  process.exit();
}

/** Prints what the command has printed when it has ended, in one piece, because others run beside it. */
async function check(name, [command, ...words]) {
  const output = `.cache/verify/${name.replaceAll(/\W+/g, '-')}.log`;
  const descriptor = openSync(output, 'w');
  const start = performance.now();
  const child = spawn(command, words, { stdio: ['ignore', descriptor, descriptor] });
  closeSync(descriptor);
  const [status] = await once(child, 'exit').catch((error) => [error.message]);
  const seconds = (performance.now() - start) / 1000;
  const good = status === 0;
  const ended = good ? 'ok' : `FAIL (${status})`;
  console.log(
    `\n== ${name}: ${[command, ...words].join(' ')}\n${readFileSync(output, 'utf8')}${ended}, ${seconds.toFixed(0)} s`,
  );
  const result = { name, good, seconds };
  results.push(result);
  return result;
}

/** Runs one Vitest project and counts its tests. */
async function suite(project) {
  rmSync(reportOf(project), { force: true });
  const output = `--outputFile.json=${reportOf(project)}`;
  const words = ['run', '--project', project, '--reporter=default', '--reporter=json', output];
  const name = `${project} tests`;
  count(project, await check(name, ['node_modules/.bin/vitest', ...words]));
}

function reportOf(project) {
  return `.cache/verify/${project}.json`;
}

/** Adds up the tests of a suite that has just been run, whose result it is. One in which nothing ran is red. */
function count(project, result) {
  const report = reportOf(project);
  const counted = countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined);
  const { passed, failed, skipped } = counted;
  tests = {
    passed: tests.passed + passed,
    failed: tests.failed + failed,
    skipped: tests.skipped + skipped.length,
  };
  for (const name of skipped) console.log(`skipped: ${name}`);
  if (skipped.length > 0) result.note = `${skipped.length} skipped`;
  if (passed === 0) results.push({ name: `${project} tests ran`, good: false, seconds: 0 });
  if (hasForbiddenSkips(project, counted, process.env.ANYARCH_E2E === 'required'))
    results.push({ name: `${project} tests all ran (ANYARCH_E2E=required)`, good: false, seconds: 0 });
}

function summary() {
  console.log('');
  for (const { name, good, seconds, note } of results)
    console.log(
      `${good ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(0)} s${note === undefined ? '' : `, ${note}`})`,
    );
  const checks = results.filter((result) => !result.name.endsWith(' tests'));
  const failedSuites = results.filter((result) => result.name.endsWith(' tests') && !result.good).length;
  const failedChecks = checks.filter((result) => !result.good).length;
  // A suite can be red without a failed test, by an unhandled error for example.
  const failed = failedChecks + Math.max(tests.failed, failedSuites);
  const passed = tests.passed + checks.length - failedChecks;
  console.log(`\n${closingLine({ passed, failed, skipped: tests.skipped })}`);
  process.exitCode = failed === 0 ? 0 : 1;
}
