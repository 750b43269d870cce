// Everything that has to hold, on a clean checkout: set-up, build, static checks, all tests. Plain JavaScript, because
// nothing is installed yet. Ends with `N passed, N failed`, and `, N skipped` when tests were.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests, hasForbiddenSkips } from './count-tests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

const results = [];
let tests = { passed: 0, failed: 0, skipped: 0 };

if (!existsSync('node_modules/.package-lock.json'))
  required('install', ['npm', 'ci', '--no-fund', '--no-audit']);
required('set up this machine', ['node', 'scripts/setup-debian.mjs']);
required('build', ['npm', 'run', '--silent', 'build']);
required("build the image's programs", ['npm', 'run', '--silent', 'build:entrypoint']);
check('types', ['npm', 'run', '--silent', 'typecheck']);
check('format', ['npm', 'run', '--silent', 'format:check']);
check('lint', ['npm', 'run', '--silent', 'lint']);
check('unused', ['npm', 'run', '--silent', 'unused']);
check('package', ['node', 'scripts/check-package.mjs']);
// Machines boot on one processor and wait much, and engines wait, too: they do it beside the others.
const machines = startBeside('machine');
suite('unit');
const rootless = startBeside('rootless');
suite('kernel');
await rootless();
// Compiles in namespaces of its own, while the engines wait for disks and daemons.
const accelerate = startBeside('accelerate');
// Has the host's table for itself.
suite('e2e');
await accelerate();
await machines();
// As on a fresh machine, and without leaving root's store behind on this one.
const home = join(root, '.cache/verify/home');
rmSync(home, { recursive: true, force: true });
check('quickstart', ['env', `ANYARCH_HOME=${home}`, 'node', 'scripts/quickstart.mjs']);
rmSync(home, { recursive: true, force: true });
summary();

/** Without this nothing else makes sense. */
function required(name, command) {
  if (!check(name, command)) {
    summary();
    process.exit(1);
  }
}

function check(name, [command, ...words]) {
  console.log(`\n== ${name}: ${[command, ...words].join(' ')}`);
  const start = performance.now();
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  const good = status === 0;
  results.push({ name, good, seconds: (performance.now() - start) / 1000 });
  if (error) console.log(error.message);
  return good;
}

/** Runs one Vitest project and counts its tests. */
function suite(project) {
  check(`${project} tests`, suiteCommand(project));
  count(project);
}

/** Starts a Vitest project; what is returned waits for its end, prints what it printed, and counts its tests. */
function startBeside(project) {
  const [command, ...words] = suiteCommand(project);
  const output = `.cache/verify/${project}.log`;
  const descriptor = openSync(output, 'w');
  const start = performance.now();
  const child = spawn(command, words, { stdio: ['ignore', descriptor, descriptor] });
  // Listened for at once: it may end while the others run.
  const ended = Promise.race([once(child, 'exit'), once(child, 'error')]);
  ended.catch(() => undefined);
  closeSync(descriptor);
  return async () => {
    console.log(`\n== ${project} tests, beside the others: ${[command, ...words].join(' ')}`);
    const [status] = await ended.catch((error) => [error.message]);
    console.log(readFileSync(output, 'utf8'));
    const seconds = (performance.now() - start) / 1000;
    results.push({ name: `${project} tests`, good: status === 0, seconds });
    count(project);
  };
}

function reportOf(project) {
  return `.cache/verify/${project}.json`;
}

function suiteCommand(project) {
  mkdirSync('.cache/verify', { recursive: true });
  rmSync(reportOf(project), { force: true });
  const output = `--outputFile.json=${reportOf(project)}`;
  return ['npx', 'vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', output];
}

/** Adds up the tests of a suite that has just been run. One in which nothing ran is red. */
function count(project) {
  const report = reportOf(project);
  const counted = countTests(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined);
  const { passed, failed, skipped } = counted;
  tests = {
    passed: tests.passed + passed,
    failed: tests.failed + failed,
    skipped: tests.skipped + skipped.length,
  };
  for (const name of skipped) console.log(`skipped: ${name}`);
  if (skipped.length > 0) results.at(-1).note = `${skipped.length} skipped`;
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
