import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { tinykeys } from 'tinykeys';
import type { TextKey } from '../i18n/en.js';
import { useI18n } from '../i18n/i18n.js';
import { PICTURE_HELP } from '../features/datasets/pictures/picture-keys.js';
import { LABELLING_HELP } from '../features/labelling/labelling-keys.js';
import { TIMELINE_HELP } from '../features/timeline/timeline-keys.js';
import { Dialog } from '../ui/dialog.js';

const GO: readonly (readonly [letter: string, to: string, text: TextKey])[] = [
  ['l', '/live', 'nav.live'],
  ['e', '/events', 'nav.events'],
  ['t', '/timeline', 'nav.timeline'],
  ['c', '/cameras', 'nav.cameras'],
  ['r', '/rules', 'nav.rules'],
  ['x', '/exports', 'nav.exports'],
  ['h', '/harvest', 'nav.harvest'],
  ['d', '/datasets', 'nav.datasets'],
  ['w', '/webhooks', 'nav.webhooks'],
  ['s', '/system', 'nav.system'],
  ['a', '/admin/users', 'nav.admin'],
];

const HERE: readonly (readonly [keys: string, text: TextKey])[] = [
  ['?', 'keys.help'],
  ['/', 'keys.search'],
  ['← ↑ → ↓', 'keys.walk'],
  ['Enter', 'keys.open'],
  ['Esc', 'keys.close'],
  ['a', 'keys.acknowledge'],
  ['u', 'keys.undo'],
  ['f', 'keys.fullScreen'],
];

/** True where a person is typing: single-letter keys must not act there. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Keys that work on every page, and the window that lists all keys. */
export function Shortcuts({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useEffect(() => {
    const unless = (act: () => void) => (event: KeyboardEvent) => {
      if (isTyping(event.target)) return;
      event.preventDefault();
      act();
    };
    const jumps = GO.map(([letter, to]) => [`g ${letter}`, unless(() => void navigate(to))] as const);
    return tinykeys(window, {
      ...Object.fromEntries(jumps),
      'Shift+?': unless(() => onOpen(true)),
      '?': unless(() => onOpen(true)),
      '/': unless(() => document.querySelector<HTMLElement>('[data-search]')?.focus()),
    });
  }, [navigate, onOpen]);
  return (
    <Dialog open={open} title={t('keys.title')} onClose={() => onOpen(false)}>
      {pathname === '/timeline/label' && (
        <>
          <h3 className="m-0 text-m font-semibold">{t('keys.labelling')}</h3>
          <KeyTable rows={LABELLING_HELP.map(([keys, text]) => [keys, t(text)])} />
        </>
      )}
      {pathname === '/timeline' && (
        <>
          <h3 className="m-0 text-m font-semibold">{t('keys.timeline')}</h3>
          <KeyTable rows={TIMELINE_HELP.map(([keys, text]) => [keys, t(text)])} />
        </>
      )}
      {pathname.startsWith('/datasets/') && (
        <>
          <h3 className="m-0 text-m font-semibold">{t('keys.pictures')}</h3>
          <KeyTable rows={PICTURE_HELP.map(([keys, text]) => [keys, t(text)])} />
        </>
      )}
      <KeyTable rows={HERE.map(([keys, text]) => [keys, t(text)])} />
      <KeyTable rows={GO.map(([letter, , text]) => [`g ${letter}`, t('keys.goTo', { page: t(text) })])} />
    </Dialog>
  );
}

function KeyTable({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="m-0 grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
      {rows.map(([keys, text]) => (
        <div key={keys} className="contents">
          <dt>
            <kbd className="rounded-s border border-line-strong bg-raised px-2 py-px font-mono text-s">{keys}</kbd>
          </dt>
          <dd className="m-0 text-ink-2">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Keys of one page, live while it is shown. Handlers run only when nobody types and no window is open. */
export function useKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const [holder] = useState(() => ({ keys }));
  useEffect(() => {
    holder.keys = keys;
  });
  const names = Object.keys(keys).join(' ');
  useEffect(() => {
    const bindings = names.split(' ').filter(Boolean).map((name) => [
      name,
      (event: KeyboardEvent) => {
        // Escape that closed a window is not for the page below it: by now that window is gone.
        const blocked = event.defaultPrevented || isTyping(event.target) || document.querySelector('[role="dialog"],[role="alertdialog"],[role="menu"]');
        if (!blocked) holder.keys[name]?.(event);
      },
    ]);
    return tinykeys(window, Object.fromEntries(bindings));
  }, [holder, names]);
}
