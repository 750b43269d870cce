/**
 * What the JSON report of one Vitest run says; no report counts as a failure.
 *
 * @param {{ numPassedTests?: number, numFailedTests?: number, numFailedTestSuites?: number,
 *   testResults?: readonly { assertionResults: readonly { status: string, fullName: string }[] }[] } | undefined} report
 * @returns {{ passed: number, failed: number, skipped: readonly string[] }} `skipped`: the names of the tests
 */
export function countTests(report) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: [] };
  const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0, testResults = [] } = report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: numPassedTests,
    // Files that failed before any of their tests ran count, too.
    failed: numFailedTests === 0 && numFailedTestSuites > 0 ? numFailedTestSuites : numFailedTests,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName),
  };
}

/**
 * Whether tests were skipped that had to run: those that need the kernel or engines, where all of that is promised.
 *
 * @param {string} project
 * @param {{ skipped: readonly string[] }} counted
 * @param {boolean} required
 */
export function hasForbiddenSkips(project, { skipped }, required) {
  return required && project !== 'unit' && skipped.length > 0;
}

/** @param {{ passed: number, failed: number, skipped: number }} sum */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
