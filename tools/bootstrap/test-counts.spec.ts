import { describe, expect, it } from 'vitest';
import { countCheck, countReport, countReportFile, totalLine, totalOf } from './test-counts.mjs';

const file = (status: string, ...statuses: string[]) => ({ name: 'x.spec.ts', status, message: 'Cannot find module\nat …', assertionResults: statuses.map((one) => ({ status: one, fullName: `is ${one}`, failureMessages: one === 'failed' ? ['Error: 2 is not 3\n    at …'] : [] })) });

describe('test counts', () => {
  it('adds up what vitest reports; pending, skipped and todo are skipped', () => {
    const counts = countReport('unit', { testResults: [file('passed', 'passed', 'pending', 'todo'), file('failed', 'failed', 'skipped', 'passed')] }, 1);
    expect(counts).toMatchObject({ passed: 2, failed: 1, skipped: 3, skippedNames: ['is pending', 'is todo', 'is skipped'] });
  });

  it('names what failed, and why', () => {
    expect(countReport('unit', { testResults: [file('failed', 'failed', 'passed')] }, 1).failedNames).toEqual(['is failed: Error: 2 is not 3']);
  });

  it('counts a file that could not be read as one failure, with its reason', () => {
    expect(countReport('unit', { testResults: [file('failed')] }, 1)).toMatchObject({ passed: 0, failed: 1, note: 'x.spec.ts: Cannot find module' });
  });

  it('does not believe a runner that fails without a failed test', () => {
    expect(countReport('unit', { testResults: [file('passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts a crashed runner as one failure', () => {
    expect(countReportFile('medium', '/nowhere/medium.json', 'SIGSEGV')).toMatchObject({ passed: 0, failed: 1, note: expect.stringContaining('SIGSEGV') });
  });

  it('sums everything into one plain line', () => {
    const total = totalOf([countCheck('lint', 0), countCheck('typecheck', 2), countReport('unit', { testResults: [file('passed', 'passed', 'todo')] }, 0)]);
    expect(totalLine(total)).toBe('2 passed, 1 failed, 1 skipped');
  });
});
