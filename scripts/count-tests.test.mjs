import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closingLine, countTests, hasForbiddenSkips } from './count-tests.mjs';

/** The report that Vitest itself writes about these tests. */
function reportOn(tests) {
  const directory = mkdtempSync(join(process.cwd(), 'node_modules/.counted-'));
  try {
    writeFileSync(join(directory, 'one.test.mjs'), `import { describe, it } from 'vitest';\n${tests}`);
    writeFileSync(
      join(directory, 'vitest.config.mjs'),
      `export default { test: { include: ['*.test.mjs'] } };`,
    );
    const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
    const words = [vitest, 'run', '--root', directory, '--reporter=json', '--outputFile=report.json'];
    spawnSync(process.execPath, words, { env: { ...process.env, VITEST: undefined }, timeout: 60_000 });
    return JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('countTests', () => {
  it('counts what Vitest reports, the skipped ones by name', { timeout: 60_000 }, () => {
    const report = reportOn(`
      it('passes', () => {});
      it('fails', () => { throw new Error('on purpose'); });
      it.skip('is skipped', () => {});
      it.todo('is to be written');
      describe.skip('a suite', () => { it('is skipped, too', () => {}); });
      it('gives up', ({ skip }) => { skip(); });
    `);
    expect(countTests(report)).toEqual({
      passed: 1,
      failed: 1,
      skipped: ['is skipped', 'is to be written', 'a suite is skipped, too', 'gives up'],
    });
  });

  it('takes a broken file and a missing report for failures', () => {
    expect(countTests({ numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 2 }).failed).toBe(2);
    expect(countTests(undefined)).toEqual({ passed: 0, failed: 1, skipped: [] });
  });
});

it('skipped tests are forbidden where the kernel and engines are promised', () => {
  const counted = { skipped: ['a'] };
  expect(hasForbiddenSkips('kernel', counted, true)).toBe(true);
  expect(hasForbiddenSkips('e2e', counted, true)).toBe(true);
  expect(hasForbiddenSkips('unit', counted, true)).toBe(false);
  expect(hasForbiddenSkips('e2e', counted, false)).toBe(false);
  expect(hasForbiddenSkips('e2e', { skipped: [] }, true)).toBe(false);
});

it('the closing line tells of skipped tests', () => {
  expect(closingLine({ passed: 5, failed: 1, skipped: 2 })).toBe('5 passed, 1 failed, 2 skipped');
  expect(closingLine({ passed: 5, failed: 0, skipped: 0 })).toBe('5 passed, 0 failed');
});
