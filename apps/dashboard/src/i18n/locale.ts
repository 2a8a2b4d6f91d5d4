export const LOCALES = ['en', 'zh'] as const;
export type Locale = (typeof LOCALES)[number];

/** Names of the languages in themselves, as a person who only reads that one looks for it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', zh: '中文' };

const KEY = 'argus.locale';

/** The chosen language, else the browser's first that we have, else English. */
export function startLocale(stored: string | null, preferred: readonly string[]): Locale {
  const known = LOCALES.find((locale) => locale === stored);
  if (known) return known;
  for (const tag of preferred) {
    const match = LOCALES.find((locale) => tag.toLowerCase().split('-')[0] === locale);
    if (match) return match;
  }
  return 'en';
}

export const readLocale = (): Locale => startLocale(localStorage.getItem(KEY), navigator.languages);
export const storeLocale = (locale: Locale): void => localStorage.setItem(KEY, locale);
