import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELP_TOPICS } from '../help/help-topics.js';
import { en } from '../i18n/en.js';
import { zh } from '../i18n/zh.js';

/** Features whose forms explain themselves (S194). */
const FEATURES = ['harvest', 'datasets', 'labelling'];
const here = fileURLToPath(new URL('.', import.meta.url));
const files = FEATURES.flatMap((feature) => readdirSync(join(here, feature), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx')).map((name) => ({ name: `${feature}/${name}`, text: readFileSync(join(here, feature, name), 'utf8') })));
/** What a person fills in and sends, but for a line to search by: a form, a panel, or a window with fields. */
const isForm = (text: string): boolean => /<form\b(?!\s+role="search")|<SidePanel\b/.test(text) || (/<Dialog\b/.test(text) && /<(Text|Number|Select|Switch|Chips|Check)Field\b/.test(text));

describe('help on forms', () => {
  it('is there on every one of them', () => {
    const forms = files.filter(({ text }) => isForm(text));
    expect(forms.map(({ name }) => name)).toEqual(expect.arrayContaining(['harvest/recipe-page.tsx', 'datasets/dataset-form.tsx', 'datasets/jobs/job-form.tsx', 'datasets/pictures/copy-dialog.tsx']));
    expect(forms.filter(({ text }) => !/<HelpButton\b/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it('has a text for each topic in both languages, and each topic is somewhere', () => {
    for (const topic of HELP_TOPICS) for (const texts of [en, zh]) {
      expect(texts[`help.${topic}.title`].length).toBeGreaterThan(1);
      expect(texts[`help.${topic}`].length).toBeGreaterThan(40);
    }
    const used = files.map(({ text }) => text).join('\n');
    for (const topic of HELP_TOPICS) expect([topic, topic.startsWith('job.') ? used.includes('topic={`job.${') : used.includes(`topic="${topic}"`)]).toEqual([topic, true]);
  });

  it('on choosing samples is one press away from where they are chosen, and says the order of preference (S31)', () => {
    for (const name of ['datasets/pictures/pictures-tab.tsx', 'datasets/jobs/jobs-tab.tsx']) expect([name, files.find((one) => one.name === name)?.text.includes('<HelpButton topic="choosing"')]).toEqual([name, true]);
    const order = (text: string, words: readonly string[]): boolean => words.every((word, at) => text.includes(word) && (at === 0 || text.indexOf(word) > text.indexOf(words[at - 1] as string)));
    expect(order(en['help.choosing'], ['surroundings', 'easy to label', 'not blurred'])).toBe(true);
    expect(order(zh['help.choosing'], ['环境', '易于标注', '不模糊'])).toBe(true);
    expect(en['help.choosing'].split('\n').length).toBeGreaterThan(6);
  });
});
