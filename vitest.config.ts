import { defineConfig } from 'vitest/config';

const resolve = { conditions: ['@argus/source', 'module', 'node'] };
const ssr = { resolve: { conditions: ['@argus/source'] } };
const project = (name: string, include: string[], test: Record<string, unknown> = {}) => ({
  resolve,
  ssr,
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**'], ...test },
});

/**
 * unit: pure, tables, no process and no network. medium: real Postgres, real RTSP, real model sessions.
 * Most of medium is waiting for cameras in real time, so two files share the machine. golden: clip in, results out. e2e: the built product and a real browser. faults: kills and chaos, run on request.
 */
export default defineConfig({
  test: {
    projects: [
      project('unit', ['{libs,apps,tools}/**/*.spec.ts', 'test/perf/**/*.spec.ts', 'apps/dashboard/src/**/*.spec.tsx'], { testTimeout: 30_000, css: { include: [/[?&]raw\b/] } }),
      project('medium', ['{libs,apps}/**/*.medium.ts'], { testTimeout: 60_000, hookTimeout: 120_000, maxWorkers: 2 }),
      project('architecture', ['test/architecture/**/*.spec.ts']),
      project('golden', ['test/golden/**/*.spec.ts'], { testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false }),
      project('e2e', ['test/e2e/**/*.spec.ts'], { testTimeout: 180_000, hookTimeout: 300_000, fileParallelism: false }),
      project('faults', ['test/faults/**/*.spec.ts'], { testTimeout: 1_800_000, hookTimeout: 300_000, fileParallelism: false }),
    ],
  },
});
