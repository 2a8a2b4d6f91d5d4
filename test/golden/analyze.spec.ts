import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROOT, analyze } from './analyze.js';

const clip = join(ROOT, 'demo/street.mp4');

/** The line format that `argus analyze --format jsonl` promises. */
const Line = z.strictObject({
  frame: z.number().int().nonnegative(),
  ptsUs: z.number().int(),
  objects: z.array(
    z.strictObject({
      trackId: z.number().int(),
      label: z.string(),
      score: z.number().min(0).max(1),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      attributes: z.record(z.string(), z.strictObject({ label: z.string(), score: z.number() })),
    }),
  ),
});

/** Real: the built CLI, the shipped models, the demo clip. */
describe.skipIf(!existsSync(join(ROOT, 'apps/cli/dist/main.js')))('argus analyze', () => {
  it('writes the same bytes twice, one line per analysed frame, persons with a posture', async () => {
    const options = ['--every', '10', '--format', 'jsonl'];
    const first = await analyze(clip, ...options);
    expect(await analyze(clip, ...options)).toBe(first);

    const lines = first.trimEnd().split('\n').map((line) => Line.parse(JSON.parse(line)));
    expect(lines.map((line) => line.frame)).toEqual(lines.map((_, index) => index * 10));
    expect(lines.every((line, index) => index === 0 || line.ptsUs > (lines[index - 1]?.ptsUs ?? 0))).toBe(true);
    const persons = lines.flatMap((line) => line.objects).filter((object) => object.label === 'person');
    expect(persons.length).toBeGreaterThan(lines.length);
    const postures = persons.flatMap((person) => person.attributes['posture']?.label ?? []);
    // Everybody on this street walks.
    expect(postures.length).toBeGreaterThan(persons.length / 2);
    expect(postures.filter((posture) => posture === 'upright').length / postures.length).toBeGreaterThan(0.8);
  });

  it('says what is wrong with a file that is no video', async () => {
    await expect(analyze(join(ROOT, 'package.json'))).rejects.toThrow(/package\.json/);
    await expect(analyze(join(ROOT, 'no-such-clip.mp4'))).rejects.toThrow(/no-such-clip\.mp4/);
  });
});
