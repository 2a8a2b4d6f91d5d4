import { X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { CONTROL, Field } from './field.js';

interface ChipsFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly values: readonly string[];
  readonly suggestions?: readonly string[];
  readonly placeholder?: string;
  readonly onValues: (values: string[]) => void;
  /** Shows a stored value to people, e.g. a translated label. */
  readonly textOf?: (value: string) => string;
}

/** A list of short words: Enter or comma adds one, Backspace takes the last away. */
export function ChipsField({ label, hint, error, values, suggestions = [], placeholder, onValues, textOf = (value) => value }: ChipsFieldProps) {
  const { t } = useI18n();
  const [draft, setDraft] = useState('');
  const listId = useId();
  const add = (text: string) => {
    const value = text.trim();
    if (value && !values.includes(value)) onValues([...values, value]);
    setDraft('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && !event.nativeEvent.isComposing) {
      event.preventDefault();
      add(draft);
    }
    if (event.key === 'Backspace' && draft === '') onValues(values.slice(0, -1));
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className="flex w-full flex-col gap-2">
          <input
            {...control}
            className={CONTROL}
            list={listId}
            value={draft}
            placeholder={placeholder}
            onKeyDown={onKeyDown}
            onBlur={() => add(draft)}
            onChange={(event) => (suggestions.includes(event.target.value) ? add(event.target.value) : setDraft(event.target.value))}
          />
          <datalist id={listId}>
            {suggestions.filter((suggestion) => !values.includes(suggestion)).map((suggestion) => (
              <option key={suggestion} value={suggestion}>
                {textOf(suggestion)}
              </option>
            ))}
          </datalist>
          {values.length > 0 && (
            <ul className="m-0 flex list-none flex-wrap gap-1 p-0" aria-label={label}>
              {values.map((value) => (
                <li key={value} className="flex items-center gap-1 rounded-full bg-raised py-px pr-1 pl-3 text-s">
                  {textOf(value)}
                  <button type="button" className="grid size-6 place-items-center rounded-full text-ink-3 hover:text-ink" aria-label={t('ui.remove', { name: textOf(value) })} onClick={() => onValues(values.filter((other) => other !== value))}>
                    <X aria-hidden size={14} />
                  </button>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </Field>
  );
}
