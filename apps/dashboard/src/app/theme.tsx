import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';

export const THEMES = ['dark', 'light', 'system'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'argus.theme';
const light = () => window.matchMedia('(prefers-color-scheme: light)');
const readTheme = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'dark';

const apply = (theme: Theme) => {
  document.documentElement.dataset['theme'] = theme === 'system' ? (light().matches ? 'light' : 'dark') : theme;
};

const ThemeContext = createContext<{ theme: Theme; choose: (theme: Theme) => void }>({ theme: 'dark', choose: () => undefined });

/** Dark unless chosen otherwise: the wall is looked at in dim rooms. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    apply(theme);
    const query = light();
    const onChange = () => apply(theme);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [theme]);
  const choose = useCallback((next: Theme) => {
    localStorage.setItem(KEY, next);
    setTheme(next);
  }, []);
  const value = useMemo(() => ({ theme, choose }), [theme, choose]);
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

export const useTheme = () => useContext(ThemeContext);
