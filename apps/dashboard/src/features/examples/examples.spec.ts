import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from './all-examples.js';
import { fitsExample, readExample } from './read-example.js';

const folder = fileURLToPath(new URL('../../../../../examples', import.meta.url));
/** Programs of one file, and folders of which `main.ts` is started. */
const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^[^/]+\.(ts|sh)$|^[^/]+\/main\.ts$/.test(name)).sort();
const found = (words: string): string[] => EXAMPLES.filter((example) => fitsExample(example, words)).map(({ file }) => file);

describe('the list of examples', () => {
  it('is what lies in the folder, as it is now', () => {
    expect(EXAMPLES.map(({ file }) => file).sort()).toEqual(programs);
    expect(programs.length).toBeGreaterThanOrEqual(14);
    for (const { file, source, parts } of EXAMPLES) for (const one of [{ file, source }, ...parts]) expect(one.source).toBe(readFileSync(`${folder}/${one.file}`, 'utf8'));
  });

  it('has all files of a starter', () => {
    const parts = Object.fromEntries(EXAMPLES.map(({ name, parts: files }) => [name, files.map(({ file }) => file)]));
    expect(parts['iot-client']).toEqual(['iot-client/memory.ts', 'iot-client/output.ts']);
    expect(parts['phone-app']).toContain('phone-app/app/manifest.webmanifest');
    expect(parts['follow-events']).toEqual([]);
  });

  it.each(EXAMPLES.map((example) => [example.file, example] as const))('%s says what it does in both languages, and by which command', (file, { title, summary, keywords, command }) => {
    expect(command).toContain(`examples/${file}`);
    // It is copied and run as it is.
    expect(command).not.toMatch(/[[\]]/);
    for (const text of [title.zh, summary.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
    expect(title.en).not.toMatch(/[\u4e00-\u9fff]/);
    expect(summary.en.length).toBeGreaterThan(30);
    expect(keywords.length).toBeGreaterThanOrEqual(3);
    expect(keywords.some((word) => /[\u4e00-\u9fff]/.test(word))).toBe(true);
  });

  it('is searched by keyword in both languages, all words of it', () => {
    expect(found('WEBHOOK signature')).toEqual(['receive-webhook.ts']);
    expect(found('签名')).toEqual(['receive-webhook.ts', 'iot-client/main.ts']);
    expect(found('webhook histogram')).toEqual([]);
    expect(found('')).toHaveLength(EXAMPLES.length);
    expect(found('starter')).toEqual(found('起步模板'));
    expect(found('starter')).toHaveLength(3);
    expect([found('看板'), found('business dashboard'), found('手机'), found('PWA offline'), found('物联网'), found('siren')]).toEqual([['monitor-board/main.ts'], ['monitor-board/main.ts'], ['phone-app/main.ts'], ['phone-app/main.ts'], ['iot-client/main.ts'], ['iot-client/main.ts']]);
  });
});

it('a file without a head is refused by name', () => expect(() => readExample('examples/a.ts', '// @title A\n')).toThrow('examples/a.ts: expected a line "@title:zh …"'));
