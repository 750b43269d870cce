// What verify.mjs and verify-machines.mjs share: commands with their output in one piece, suites with their tests counted,
// and a closing line `N passed, N failed`, with `, N skipped` when tests were.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { closingLine, countTests, hasForbiddenSkips } from './count-tests.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const directory = '.cache/verify';
mkdirSync(directory, { recursive: true });

const results = [];
let tests = { passed: 0, failed: 0, skipped: 0 };

/** Without this nothing else makes sense. */
export async function required(name, command) {
  const { good } = await check(name, command);
  if (good) return;
  summary();
  process.exit();
}

/** Prints what the command has printed when it has ended, in one piece, because others run beside it. */
export async function check(name, [command, ...words]) {
  const output = `${directory}/${name.replaceAll(/\W+/g, '-')}.log`;
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
export async function suite(project) {
  rmSync(reportOf(project), { force: true });
  const output = `--outputFile.json=${reportOf(project)}`;
  const words = ['run', '--project', project, '--reporter=default', '--reporter=json', output];
  const name = `${project} tests`;
  count(project, await check(name, ['node_modules/.bin/vitest', ...words]));
}

function reportOf(project) {
  return `${directory}/${project}.json`;
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

export function summary() {
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
