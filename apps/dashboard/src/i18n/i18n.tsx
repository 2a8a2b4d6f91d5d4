import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en, type TextKey } from './en.js';
import { readLocale, storeLocale, type Locale } from './locale.js';
import { fill, type Values } from './translate.js';
import { zh } from './zh.js';

const DICTIONARIES: Readonly<Record<Locale, Readonly<Record<TextKey, string>>>> = { en, zh };

export type Translate = (key: TextKey, values?: Values) => string;

interface I18n {
  readonly locale: Locale;
  readonly t: Translate;
  readonly choose: (locale: Locale) => void;
}

export const translator = (locale: Locale): Translate => (key, values) => fill(DICTIONARIES[locale][key], locale, values);

const I18nContext = createContext<I18n>({ locale: 'en', t: translator('en'), choose: () => undefined });

export function I18nProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(readLocale);
  useEffect(() => {
    document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  }, [locale]);
  const choose = useCallback((next: Locale) => {
    storeLocale(next);
    setLocale(next);
  }, []);
  const value = useMemo(() => ({ locale, t: translator(locale), choose }), [locale, choose]);
  return <I18nContext value={value}>{children}</I18nContext>;
}

export const useI18n = (): I18n => useContext(I18nContext);
