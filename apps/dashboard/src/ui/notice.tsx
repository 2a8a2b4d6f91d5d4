import { ToneIcon, type Tone } from './badge.js';

const LOOK: Readonly<Record<'caution' | 'alarm' | 'busy', string>> = { caution: 'bg-caution-soft', alarm: 'bg-alarm-soft', busy: 'bg-busy-soft' };

/** Something that people should know before they go on: a word and one line each. */
export function Notice({ tone, title, lines }: { tone: Tone & keyof typeof LOOK; title: string; lines: readonly string[] }) {
  return (
    <div role="status" className={`flex min-w-0 items-start gap-2 rounded-m p-3 ${LOOK[tone]}`}>
      <span className="mt-px">
        <ToneIcon tone={tone} />
      </span>
      <div className="flex min-w-0 flex-col gap-1">
        <span className="font-medium">{title}</span>
        {lines.map((line) => (
          <span key={line} className="text-s text-ink-2">
            {line}
          </span>
        ))}
      </div>
    </div>
  );
}
