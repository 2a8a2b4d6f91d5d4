import { Switch as RadixSwitch } from 'radix-ui';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { serverWords } from '../i18n/server-words.js';

/** Look of inputs and selects; `CONTROL` fills its place, `CONTROL_AUTO` is as wide as its content. */
export const CONTROL_AUTO = 'min-h-9 rounded-m border border-line-strong bg-surface px-3 py-1 text-m text-ink placeholder:text-ink-3 disabled:opacity-60 aria-invalid:border-alarm';
export const CONTROL = `w-full ${CONTROL_AUTO}`;

interface FieldProps {
  readonly label: string;
  /** Helps while nothing is wrong. */
  readonly hint?: ReactNode;
  /** In the reader's language, or in the words of the contract or server. */
  readonly error?: string | undefined;
  /** Unit shown after the control, e.g. `s`. */
  readonly unit?: string;
  readonly children: (control: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }) => ReactNode;
}

/** A label, its control, and below it either what is wrong or what helps. */
export function Field({ label, hint, error, unit, children }: FieldProps) {
  const id = useId();
  const { locale } = useI18n();
  const note = error === undefined ? hint : serverWords(error, locale);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-s font-medium text-ink-2">
        {label}
      </label>
      <div className="flex items-center gap-2">
        {children({ id, 'aria-describedby': note ? `${id}-note` : undefined, 'aria-invalid': error ? true : undefined })}
        {unit && <span className="shrink-0 text-s text-ink-3">{unit}</span>}
      </div>
      {note && (
        <p id={`${id}-note`} role={error ? 'alert' : undefined} className={`m-0 text-s ${error ? 'text-alarm' : 'text-ink-3'}`}>
          {note}
        </p>
      )}
    </div>
  );
}

type Common = Omit<FieldProps, 'children'>;

/** One line of text. `onValue` gets the text itself. */
export function TextField({ label, hint, error, unit, onValue, ...rest }: Common & Omit<ComponentProps<'input'>, 'onChange'> & { onValue: (value: string) => void }) {
  return (
    <Field label={label} hint={hint} error={error} unit={unit}>
      {(control) => <input {...control} className={CONTROL} onChange={(event) => onValue(event.target.value)} {...rest} />}
    </Field>
  );
}

/** A number; an empty field is `null`, for the caller to read as "not set" or to refuse. */
export function NumberField({ label, hint, error, unit, value, onValue, ...rest }: Common & Omit<ComponentProps<'input'>, 'onChange' | 'value'> & { value: number | null; onValue: (value: number | null) => void }) {
  return (
    <Field label={label} hint={hint} error={error} unit={unit}>
      {(control) => (
        <input
          {...control}
          type="number"
          inputMode="decimal"
          className={`${CONTROL} figures`}
          value={value ?? ''}
          onChange={(event) => onValue(event.target.value === '' ? null : event.target.valueAsNumber)}
          {...rest}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

/** One of a few. The browser's own select: the best one on a phone and for screen readers. */
export function SelectField({ label, hint, error, value, onValue, options, disabled }: Common & { value: string; onValue: (value: string) => void; options: readonly Option[]; disabled?: boolean }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select {...control} className={CONTROL} value={value} disabled={disabled} onChange={(event) => onValue(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** On or off, for what takes effect as a setting. */
export function SwitchField({ label, hint, checked, onChecked, disabled }: { label: string; hint?: string; checked: boolean; onChecked: (checked: boolean) => void; disabled?: boolean }) {
  const id = useId();
  return (
    <div className="flex items-start gap-3">
      <RadixSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChecked}
        disabled={disabled}
        className="mt-1 h-5 w-9 shrink-0 rounded-full bg-line-strong p-px transition-colors disabled:opacity-50 data-[state=checked]:bg-accent-fill"
      >
        <RadixSwitch.Thumb className="block size-4 translate-x-px rounded-full bg-on-accent transition-transform data-[state=checked]:translate-x-4" />
      </RadixSwitch.Root>
      <div className="flex min-w-0 flex-col">
        <label htmlFor={id} className="min-h-7 py-1 text-m text-ink">
          {label}
        </label>
        {hint && <span className="text-s text-ink-3">{hint}</span>}
      </div>
    </div>
  );
}

/** One tick in a list of several. */
export function CheckField({ label, checked, onChecked, disabled }: { label: string; checked: boolean; onChecked: (checked: boolean) => void; disabled?: boolean }) {
  return (
    <label className="flex min-h-8 items-center gap-2 text-m text-ink">
      <input type="checkbox" className="size-4 shrink-0 accent-accent-fill" checked={checked} disabled={disabled} onChange={(event) => onChecked(event.target.checked)} />
      <span className="min-w-0">{label}</span>
    </label>
  );
}
