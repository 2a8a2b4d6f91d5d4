import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { identityOf } from './process-lock.js';

const BUILT = resolve('libs/kernel/dist/process-lock.js');
const TAKERS = 8;
const ROUNDS = 5;
/** Asks at the moment that it is told, says what came of it, and stays alive until its input ends. */
const TAKER = `
  import { lockByProcess } from ${JSON.stringify(BUILT)};
  process.stdin.once('data', () => {
    try {
      lockByProcess(process.argv[1]);
      console.log('held');
    } catch (error) {
      console.log(error.code);
    }
  });
  process.stdin.once('end', () => process.exit());
  console.log('ready');
`;

describe.skipIf(!existsSync(BUILT))('a lock whose holder is gone', () => {
  it('goes to exactly one of several processes that ask at the same moment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'argus-lock-'));
    for (let round = 0; round < ROUNDS; round += 1) {
      const path = join(folder, `lock-${round}`);
      writeFileSync(path, JSON.stringify({ ...identityOf(process.pid), startTicks: '1' }));
      const takers = Array.from({ length: TAKERS }, () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', TAKER, path], { stdio: ['pipe', 'pipe', 'inherit'] });
        return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
      });
      for (const { lines } of takers) expect((await lines.next()).value).toBe('ready');
      for (const { child } of takers) child.stdin.write('now\n');
      const answers = await Promise.all(takers.map(async ({ lines }) => (await lines.next()).value as string));
      expect(answers.toSorted()).toEqual(['held', ...Array.from({ length: TAKERS - 1 }, () => 'lock.held')]);
      await Promise.all(takers.map(({ child }) => [child.stdin.end(), once(child, 'close')][1]));
    }
    rmSync(folder, { recursive: true });
  });
});
