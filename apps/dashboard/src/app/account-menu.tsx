import { CircleHelp, CircleUser, Code, Footprints, Keyboard, LogOut, type LucideIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import type { TextKey } from '../i18n/en.js';
import { useI18n } from '../i18n/i18n.js';
import { LOCALES, LOCALE_NAMES, type Locale } from '../i18n/locale.js';
import { replaceAuthState, useAccount, useCan } from './account.js';
import { useAction } from './calls.js';
import { client } from './client.js';
import { THEMES, useTheme, type Theme } from './theme.js';

const ITEM = 'flex min-h-9 cursor-pointer items-center gap-2 rounded-s px-2 text-m text-ink outline-none select-none data-highlighted:bg-raised';

interface MenuEntry {
  readonly to: string;
  readonly text: TextKey;
  readonly icon: LucideIcon;
}

/** Who is signed in, language, theme, keys, sign-out; on a phone also the pages that do not fit the bar. */
export function AccountMenu({ onHelp, entries }: { onHelp: () => void; entries: readonly MenuEntry[] }) {
  const { t, locale, choose } = useI18n();
  const { theme, choose: chooseTheme } = useTheme();
  const account = useAccount();
  const can = useCan();
  const navigate = useNavigate();
  const signOut = useAction(() => client.call('signOut'), { refresh: [], onDone: () => replaceAuthState(null) });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        aria-label={t('account.menu')}
        className="flex min-h-14 flex-1 flex-col items-center justify-center gap-1 rounded-m text-s text-ink-2 hover:bg-raised hover:text-ink md:m-1 md:flex-none"
      >
        <CircleUser aria-hidden size={20} />
        <span className="max-w-18 clip">{account.name}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content side="top" align="start" sideOffset={8} collisionPadding={8} className="z-50 flex w-60 flex-col rounded-m border border-line bg-surface p-1 shadow-over">
          <p className="m-0 px-2 py-1 text-s text-ink-3">
            {account.name} · {account.role ? t(`role.${account.role}`) : t('account.apiKey')}
          </p>
          {entries.map((entry) => (
            <DropdownMenu.Item key={entry.to} className={`${ITEM} md:hidden`} onSelect={() => void navigate(entry.to)}>
              <entry.icon aria-hidden size={16} /> {t(entry.text)}
            </DropdownMenu.Item>
          ))}
          <Choice label={t('account.language')} value={locale} options={LOCALES.map((one) => [one, LOCALE_NAMES[one]])} onValue={(value) => choose(value as Locale)} />
          <Choice label={t('account.theme')} value={theme} options={THEMES.map((one) => [one, t(`theme.${one}`)])} onValue={(value) => chooseTheme(value as Theme)} />
          <Divider />
          {can('dataset.read') && (
            <DropdownMenu.Item className={ITEM} onSelect={() => void navigate('/guide')}>
              <Footprints aria-hidden size={16} /> {t('guide.title')}
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item className={ITEM} onSelect={() => void navigate('/examples')}>
            <Code aria-hidden size={16} /> {t('examples.title')}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={onHelp}>
            <Keyboard aria-hidden size={16} /> {t('keys.title')}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} asChild>
            <a href="/api/docs" target="_blank" rel="noreferrer" className="no-underline">
              <CircleHelp aria-hidden size={16} /> {t('account.apiDocs')}
            </a>
          </DropdownMenu.Item>
          <Divider />
          <DropdownMenu.Item className={ITEM} onSelect={() => signOut.mutate()}>
            <LogOut aria-hidden size={16} /> {t('account.signOut')}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const Divider = (): ReactNode => <DropdownMenu.Separator className="my-1 h-px bg-line" />;

function Choice({ label, value, options, onValue }: { label: string; value: string; options: readonly (readonly [string, string])[]; onValue: (value: string) => void }) {
  return (
    <>
      <Divider />
      <DropdownMenu.Label className="px-2 py-1 text-s text-ink-3">{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={value} onValueChange={onValue} className="flex gap-1" aria-label={label}>
        {options.map(([id, text]) => (
          <DropdownMenu.RadioItem key={id} value={id} onSelect={(event) => event.preventDefault()} className={`${ITEM} flex-1 justify-center data-[state=checked]:bg-accent-soft data-[state=checked]:font-medium`}>
            {text}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </>
  );
}
