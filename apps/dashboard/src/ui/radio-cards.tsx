import { useId } from 'react';

interface RadioCardsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: string; readonly hint?: string }[];
  readonly onValue: (value: V) => void;
}

/** One of a few that want a sentence each; arrows walk them. */
export function RadioCards<V extends string>({ label, value, options, onValue }: RadioCardsProps<V>) {
  const name = useId();
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1 border-0 p-0">
      <legend className="p-0 pb-1 text-s font-medium text-ink-2">{label}</legend>
      <div className={`grid grid-cols-1 gap-2 ${options.length === 3 ? 'md:grid-cols-3' : 'sm:grid-cols-2'}`}>
        {options.map((option) => (
          <label
            key={option.value}
            className={`flex min-w-0 cursor-pointer items-start gap-2 rounded-m border px-3 py-2 ${option.value === value ? 'border-accent bg-accent-soft' : 'border-line hover:bg-raised'}`}
          >
            <input type="radio" name={name} className="mt-1 size-4 shrink-0 accent-accent-fill" checked={option.value === value} onChange={() => onValue(option.value)} aria-describedby={option.hint ? `${name}-${option.value}` : undefined} />
            <span className="flex min-w-0 flex-col">
              <span className="text-m font-medium break-words">{option.text}</span>
              {option.hint && (
                <span id={`${name}-${option.value}`} className="text-s text-ink-2">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
