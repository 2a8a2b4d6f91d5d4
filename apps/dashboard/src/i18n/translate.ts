import type { Locale } from './locale.js';

export type Values = Readonly<Record<string, string | number>>;

/**
 * Fills `{name}` in a text. A text with `|` has two forms, one and many; `count` chooses by the plural rules of the language
 * (Chinese has one form and needs no `|`).
 */
export function fill(template: string, locale: Locale, values: Values = {}): string {
  const forms = template.split('|');
  const plural = forms.length > 1 && new Intl.PluralRules(locale).select(Number(values['count'] ?? 0)) !== 'one';
  const form = (plural ? forms[1] : forms[0]) ?? template;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  });
}
