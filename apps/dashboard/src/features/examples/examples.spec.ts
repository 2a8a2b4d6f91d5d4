import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from './all-examples.js';
import { fitsExample, readExample } from './read-example.js';

const folder = fileURLToPath(new URL('../../../../../examples', import.meta.url));
const found = (words: string): string[] => EXAMPLES.filter((example) => fitsExample(example, words)).map(({ file }) => file);

describe('the list of examples', () => {
  it('is what lies in the folder, as it is now', () => {
    const files = readdirSync(folder).filter((name) => /\.(ts|sh)$/.test(name)).sort();
    expect(EXAMPLES.map(({ file }) => file).sort()).toEqual(files);
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const { file, source } of EXAMPLES) expect(source).toBe(readFileSync(`${folder}/${file}`, 'utf8'));
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
    expect(found('签名')).toEqual(['receive-webhook.ts']);
    expect(found('webhook histogram')).toEqual([]);
    expect(found('')).toHaveLength(EXAMPLES.length);
  });
});

it('a file without a head is refused by name', () => expect(() => readExample('examples/a.ts', '// @title A\n')).toThrow('examples/a.ts: expected a line "@title:zh …"'));
