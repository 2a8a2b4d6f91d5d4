import { readFileSync } from 'node:fs';

/**
 * @typedef {{name: string, passed: number, failed: number, skipped: number, skippedNames: string[], failedNames: string[], note: string}} Counts
 */

/** Counts of one run from vitest's JSON report. A file that could not be collected, and a runner that failed without a failed test, count as one failure each. */
export function countReport(name, report, exitCode) {
  const counts = { name, passed: 0, failed: 0, skipped: 0, skippedNames: [], failedNames: [], note: '' };
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') {
        counts.failed += 1;
        counts.failedNames.push(`${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
      } else {
        counts.skipped += 1;
        counts.skippedNames.push(test.fullName);
      }
    }
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed += 1;
      counts.note = `${file.name}: ${firstLine(file.message)}`;
    }
  }
  if (exitCode !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `the runner ended with ${exitCode} although no test failed (see above)` };
  return counts;
}

/** Reads the report that vitest left; a missing or damaged one means that the runner crashed. */
export function countReportFile(name, path, exitCode) {
  try {
    return countReport(name, JSON.parse(readFileSync(path, 'utf8')), exitCode);
  } catch (error) {
    return { name, passed: 0, failed: 1, skipped: 0, skippedNames: [], failedNames: [], note: `the runner crashed (${exitCode}): ${error.message}` };
  }
}

/** A check without tests of its own, e.g. the linter: one pass or one failure. */
export function countCheck(name, exitCode) {
  return { name, passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0, skippedNames: [], failedNames: [], note: exitCode === 0 ? '' : `exit ${exitCode}` };
}

/** @param {readonly Counts[]} all */
export function totalOf(all) {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

export const totalLine = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

const firstLine = (text) => (text ?? '').split('\n')[0];
