import { ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { CONTROL, CheckField } from './field.js';

/** A button that opens a small window below itself; it says what is chosen there. */
export function MenuButton({ label, chosen, children }: { label: string; chosen: string | null; children: ReactNode }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={`inline-flex min-h-9 max-w-60 shrink-0 items-center gap-2 rounded-m border px-3 text-m ${chosen === null ? 'border-line-strong text-ink-2' : 'border-accent bg-accent-soft text-ink'} hover:bg-raised`}>
        <span className="clip">{chosen === null ? label : `${label}: ${chosen}`}</span>
        <ChevronDown aria-hidden size={16} className="shrink-0" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} collisionPadding={8} aria-label={label} className="z-40 flex max-h-[min(28rem,var(--radix-popover-content-available-height))] w-72 flex-col gap-2 rounded-m border border-line bg-surface p-3 shadow-over">
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

export interface CheckOption {
  readonly value: string;
  readonly text: string;
  readonly note?: string;
}

const FIND_FROM = 9;
/** More are found by typing. */
const MOST_SHOWN = 200;

/** Any of several; long lists are searched. */
export function CheckMenu({ label, options, values, onValues, most = 500 }: { label: string; options: readonly CheckOption[]; values: readonly string[]; onValues: (values: string[]) => void; most?: number }) {
  const { t } = useI18n();
  const [words, setWords] = useState('');
  const [picked, pick] = usePicked(values, onValues);
  const wanted = words.trim().toLowerCase();
  const shown = options.filter(({ text }) => !wanted || text.toLowerCase().includes(wanted)).slice(0, MOST_SHOWN);
  const first = options.find(({ value }) => value === values[0])?.text ?? values[0];
  const chosen = values.length === 0 ? null : values.length === 1 ? (first ?? '') : `${first} +${values.length - 1}`;
  return (
    <MenuButton label={label} chosen={chosen}>
      {options.length >= FIND_FROM && <input type="search" aria-label={t('filter.find')} placeholder={t('filter.find')} className={CONTROL} value={words} onChange={(event) => setWords(event.target.value)} />}
      <div className="flex min-h-0 flex-col overflow-auto">
        {shown.map(({ value, text, note }) => (
          <div key={value} className="flex min-w-0 items-center gap-2">
            <div className="min-w-0 flex-1">
              <CheckField label={text} checked={picked.includes(value)} disabled={!picked.includes(value) && picked.length >= most} onChecked={(on) => pick(on ? [...picked, value] : picked.filter((one) => one !== value))} />
            </div>
            {note && <span className="figures shrink-0 text-s text-ink-3">{note}</span>}
          </div>
        ))}
      </div>
    </MenuButton>
  );
}

/** What is picked is seen at once; where it is kept, the page's address, follows a moment later. */
function usePicked(values: readonly string[], onValues: (values: string[]) => void): [readonly string[], (values: string[]) => void] {
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const kept = JSON.stringify(values);
  const [seen, setSeen] = useState(kept);
  if (seen !== kept) {
    setSeen(kept);
    setPicked(null);
  }
  return [
    picked ?? values,
    (next) => {
      setPicked(next);
      onValues(next);
    },
  ];
}
