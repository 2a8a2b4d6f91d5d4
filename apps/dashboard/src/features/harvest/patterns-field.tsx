import { NAME_PATTERN_KINDS, type NamePattern } from '@argus/contracts';
import { X } from 'lucide-react';
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { CONTROL, CONTROL_AUTO, Field } from '../../ui/field.js';
import { patternText } from './recipe-words.js';

interface PatternsFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly patterns: readonly NamePattern[];
  readonly error?: string | undefined;
  /** Which pattern is refused. */
  readonly wrong?: number | null | undefined;
  readonly autoFocus?: boolean;
  readonly onPatterns: (patterns: NamePattern[]) => void;
  /** What stands in the field and is not added yet; null: nothing. */
  readonly onTyped?: (pattern: NamePattern | null) => void;
}

/** Names by what they contain, a pattern or a regular expression: Enter adds one, Backspace takes the last away; a chip's kind can be changed. */
export function PatternsField({ label, hint, patterns, error, wrong, autoFocus, onPatterns, onTyped }: PatternsFieldProps) {
  const { t } = useI18n();
  const [kind, setKind] = useState<NamePattern['kind']>('keyword');
  const [text, setText] = useState('');
  const typed = useMemo(() => (text.trim() === '' ? null : { kind, pattern: text.trim().slice(0, 200) }), [kind, text]);
  useEffect(() => onTyped?.(typed), [typed, onTyped]);
  const add = () => {
    if (typed && !patterns.some((one) => one.kind === typed.kind && one.pattern === typed.pattern)) onPatterns([...patterns, typed]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && typed) {
      event.preventDefault();
      add();
    }
    if (event.key === 'Backspace' && text === '') onPatterns(patterns.slice(0, -1));
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={label} hint={hint} error={error}>
        {(control) => (
          <div className="flex w-full min-w-0 gap-2">
            <KindSelect kind={kind} label={t('harvest.kindOf', { name: label })} className={`${CONTROL_AUTO} field-sizing-content`} onKind={setKind} />
            <input {...control} className={`${CONTROL} min-w-0`} value={text} maxLength={200} placeholder={t(`harvest.example.${kind}`)} spellCheck={false} autoFocus={autoFocus} onKeyDown={onKeyDown} onBlur={add} onChange={(event) => setText(event.target.value)} />
          </div>
        )}
      </Field>
      {patterns.length > 0 && (
        <ul className="m-0 flex list-none flex-wrap gap-1 p-0" aria-label={label}>
          {patterns.map((pattern, index) => (
            <Chip key={`${pattern.kind} ${pattern.pattern}`} pattern={pattern} isWrong={wrong === index} onPattern={(next) => onPatterns(next ? patterns.with(index, next) : patterns.toSpliced(index, 1))} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Chip({ pattern, isWrong, onPattern }: { pattern: NamePattern; isWrong: boolean; onPattern: (pattern: NamePattern | null) => void }) {
  const { t } = useI18n();
  const name = patternText(pattern, t);
  return (
    <li aria-label={name} className={`flex max-w-full items-center gap-1 rounded-full py-px pr-1 pl-2 text-s ${isWrong ? 'bg-alarm-soft text-alarm' : 'bg-raised'}`}>
      <KindSelect kind={pattern.kind} label={t('harvest.kindOf', { name })} className="min-h-6 rounded-full bg-transparent text-s field-sizing-content" onKind={(kind) => onPattern({ ...pattern, kind })} />
      <span className={`min-w-0 clip font-medium ${pattern.kind === 'keyword' ? '' : 'font-mono'}`}>{pattern.pattern}</span>
      <button type="button" className="grid size-6 shrink-0 place-items-center rounded-full text-ink-3 hover:text-ink" aria-label={t('ui.remove', { name })} onClick={() => onPattern(null)}>
        <X aria-hidden size={14} />
      </button>
    </li>
  );
}

function KindSelect({ kind, label, className, onKind }: { kind: NamePattern['kind']; label: string; className: string; onKind: (kind: NamePattern['kind']) => void }) {
  const { t } = useI18n();
  return (
    <select aria-label={label} className={className} value={kind} onChange={(event) => onKind(event.target.value as NamePattern['kind'])}>
      {NAME_PATTERN_KINDS.map((one) => (
        <option key={one} value={one}>
          {t(`harvest.kind.${one}`)}
        </option>
      ))}
    </select>
  );
}
