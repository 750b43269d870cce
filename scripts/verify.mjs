// Everything that has to hold, on a clean checkout: set-up, build, static checks, all tests. Plain JavaScript, because
// nothing is installed yet. Ends with `N passed, N failed`, and `, N skipped` when tests were.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
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
for (const project of ['unit', 'kernel', 'e2e']) suite(project);
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

/** Runs one Vitest project and counts its tests. A suite in which nothing ran is red. */
function suite(project) {
  const report = `.cache/verify/${project}.json`;
  mkdirSync('.cache/verify', { recursive: true });
  rmSync(report, { force: true });
  const command = [
    'npx',
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  check(`${project} tests`, command);
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
