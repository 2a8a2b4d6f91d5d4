import { MOST_FOLLOWED_SECONDS } from '@argus/contracts';
import { ArrowLeftToLine, ArrowRightToLine, Images, Plus, Send, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Button, IconButton } from '../../ui/button.js';
import { CONTROL, CONTROL_AUTO } from '../../ui/field.js';
import { labelColor } from '../live/label-colors.js';
import type { useLabelNames } from './use-label-names.js';
import type { Labelling } from './use-labelling.js';

interface LabelPanelProps {
  readonly labelling: Labelling;
  readonly names: ReturnType<typeof useLabelNames>;
  readonly onLabel: (label: string) => void;
  readonly seconds: number;
  readonly onSeconds: (seconds: number) => void;
  readonly every: number;
  readonly onEvery: (every: number) => void;
  readonly hasSet: boolean;
}

const SECONDS = [2, 5, 10, 30, 60, MOST_FOLLOWED_SECONDS.forward] as const;
const EVERY = [1, 2, 5, 10, 25, 50] as const;
const KBD = 'rounded-s border border-line-strong bg-raised px-1 font-mono text-s text-ink-2';

/** Labels, what is followed, and what is sent. */
export function LabelPanel({ labelling, names, onLabel, seconds, onSeconds, every, onEvery, hasSet }: LabelPanelProps) {
  const { t } = useI18n();
  const { busy, follow, send, sent, undo } = labelling;
  return (
    <aside aria-label={t('labelling.panel')} className="flex w-full shrink-0 flex-col gap-4 overflow-auto border-line bg-surface p-3 max-md:border-t md:w-72 md:border-l">
      <LabelChoice names={names} onLabel={onLabel} />
      <section aria-label={t('labelling.follow')} className="flex flex-col gap-2">
        <h2 className="m-0 text-m font-semibold">{t('labelling.follow')}</h2>
        <div className="flex flex-wrap items-center gap-2">
          <Button icon={ArrowRightToLine} disabled={busy !== null} title="T" onClick={() => follow('forward')}>{t('labelling.forward')}</Button>
          <IconButton icon={ArrowLeftToLine} label={t('labelling.backward')} disabled={busy !== null} onClick={() => follow('backward')} />
          <select aria-label={t('labelling.howFar')} title={t('labelling.howFar')} value={seconds} onChange={(event) => onSeconds(Number(event.target.value))} className={`${CONTROL_AUTO} figures px-1`}>
            {SECONDS.map((one) => <option key={one} value={one}>{one} s</option>)}
          </select>
        </div>
      </section>
      <section aria-label={t('labelling.toSet')} className="flex flex-col gap-2">
        <h2 className="m-0 text-m font-semibold">{t('labelling.toSet')}</h2>
        <Button tone="primary" icon={Send} disabled={busy !== null || !hasSet} title="Ctrl Enter" onClick={() => send(false)}>{t('labelling.send')}</Button>
        <div className="flex items-center gap-2">
          <Button icon={Images} className="flex-1" disabled={busy !== null || !hasSet} title="Ctrl Shift Enter" onClick={() => send(true)}>{t('labelling.sendMany', { every })}</Button>
          <select aria-label={t('labelling.every')} title={t('labelling.every')} value={every} onChange={(event) => onEvery(Number(event.target.value))} className={`${CONTROL_AUTO} figures px-1`}>
            {EVERY.map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </div>
        {!hasSet && <p className="m-0 text-s text-ink-2">{t('labelling.noSet')}</p>}
        {sent.length > 0 && <Button tone="quiet" icon={Undo2} disabled={busy !== null} title="u" onClick={() => void undo()}>{t('labelling.undo', { count: sent.at(-1)?.pictures.length ?? 0 })}</Button>}
      </section>
      {busy && (
        <div role="status" data-testid="labelling-busy" className="flex items-center gap-2 rounded-m bg-raised py-1 pr-1 pl-3 text-m">
          <span className="figures min-w-0 flex-1">{t(`labelling.${busy.what}`, { count: busy.done })}</span>
          <IconButton icon={X} label={t('labelling.stop')} onClick={busy.stop} />
        </div>
      )}
      <TrackList labelling={labelling} />
      <p className="m-0 mt-auto text-s text-ink-3">{t('labelling.hint')}</p>
    </aside>
  );
}

function LabelChoice({ names: { names, label, add }, onLabel }: Pick<LabelPanelProps, 'names' | 'onLabel'>) {
  const { t, locale } = useI18n();
  const [text, setText] = useState('');
  const addText = () => {
    if (text.trim()) add(text.trim());
    setText('');
  };
  return (
    <section aria-label={t('labelling.labels')} className="flex flex-col gap-2">
      <h2 className="m-0 text-m font-semibold">{t('labelling.labels')}</h2>
      <div className="flex flex-wrap gap-1">
        {names.map((name, index) => (
          <button key={name} type="button" aria-pressed={name === label} data-label={name} onClick={() => onLabel(name)} className={`flex min-h-8 max-w-full items-center gap-1 rounded-m border px-2 text-m ${name === label ? 'border-accent bg-accent-soft text-ink' : 'border-line-strong text-ink-2 hover:bg-raised'}`}>
            <span aria-hidden className="size-3 shrink-0 rounded-s" style={{ background: labelColor(name) }} />
            <span className="clip">{labelText(name, locale)}</span>
            {index < 9 && <kbd className={KBD}>{index + 1}</kbd>}
          </button>
        ))}
      </div>
      <div className="flex gap-1">
        <input aria-label={t('labelling.newLabel')} placeholder={t('labelling.newLabel')} value={text} maxLength={200} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && addText()} className={CONTROL} />
        <IconButton icon={Plus} label={t('labelling.addLabel')} onClick={addText} />
      </div>
    </section>
  );
}

function TrackList({ labelling: { book, selected, setSelected } }: Pick<LabelPanelProps, 'labelling'>) {
  const { t, locale } = useI18n();
  if (book.tracks.length === 0) return null;
  return (
    <section aria-label={t('labelling.tracks')} className="flex flex-col gap-1">
      <h2 className="m-0 text-m font-semibold">{t('labelling.tracks')}</h2>
      <ul className="m-0 flex max-h-60 list-none flex-col overflow-auto p-0">
        {book.tracks.map(({ id, label, boxes }) => (
          <li key={id}>
            <button type="button" aria-pressed={id === selected} onClick={() => setSelected(id === selected ? null : id)} className={`flex min-h-8 w-full items-center gap-2 rounded-s px-2 text-left text-m ${id === selected ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
              <span aria-hidden className="size-3 shrink-0 rounded-s" style={{ background: labelColor(label) }} />
              <span className="clip flex-1">{labelText(label, locale)}</span>
              <span className="figures text-s text-ink-2">{t('labelling.boxes', { count: boxes.length })}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
