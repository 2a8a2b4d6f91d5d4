import { CircleHelp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useI18n } from '../i18n/i18n.js';
import { Button, IconButton } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { isBeneath } from '../ui/on-top.js';
import type { HelpTopic } from './help-topics.js';

/** Those that are on the screen, the newest last: a form above a page answers for both, and what lies beneath a window does not. */
const shown: HTMLElement[] = [];

/** Explains the form or page that it is on: a press of it, or F1. */
export function HelpButton({ topic, withText = false }: { topic: HelpTopic; withText?: boolean }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const self = button.current;
    if (self === null) return;
    shown.push(self);
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F1' || shown.findLast((one) => !isBeneath(one)) !== self) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      shown.splice(shown.indexOf(self), 1);
    };
  }, [topic]);
  return (
    <span ref={button} className="contents">
      {withText ? (
        <Button icon={CircleHelp} title="F1" aria-label={t('help.guide')} onClick={() => setOpen(true)}>
          <span className="max-sm:hidden">{t('help.guide')}</span>
        </Button>
      ) : (
        <IconButton icon={CircleHelp} label={t('help.button')} onClick={() => setOpen(true)} />
      )}
      <Dialog open={open} title={t(`help.${topic}.title`)} onClose={() => setOpen(false)}>
        <HelpText text={t(`help.${topic}`)} />
      </Dialog>
    </span>
  );
}

/** Lines are paragraphs; those that begin with a dot are points of a list. */
function HelpText({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-2 text-m text-ink-2">
      {text.split('\n').map((line) =>
        line.startsWith('• ') ? (
          <p key={line} className="m-0 flex gap-2">
            <span aria-hidden>•</span>
            <span className="min-w-0">{line.slice(2)}</span>
          </p>
        ) : (
          <p key={line} className="m-0">
            {line}
          </p>
        ),
      )}
    </div>
  );
}
